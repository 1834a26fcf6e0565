using Pyvene.Typed.Native;

namespace Pyvene.Typed.Interventions.Trainable;

/// <summary>Bounds the memory of interventions that learn while a text says how large they are: a few characters may ask for any size.</summary>
internal static class SizeLimit
{
    /// <summary>How many elements a text by itself may ask for, all matrices together.</summary>
    public const long OfText = 1 << 23;

    [ThreadStatic]
    private static long? left;

    /// <summary>Begins to count; what a program makes outside of it is not limited.</summary>
    /// <param name="elements">How many elements may be made.</param>
    /// <returns>What ends it when it is disposed.</returns>
    public static IDisposable Begin(long elements)
    {
        var outer = left;
        left = elements;
        return new Undo(() => left = outer);
    }

    /// <summary>Counts a matrix before it is made.</summary>
    /// <param name="elements">Its elements.</param>
    /// <param name="name">The parameter that says how large it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">There would be more than are allowed.</exception>
    public static void Charge(long elements, string name)
    {
        if (left is { } rest && (left = rest - elements) < 0)
        {
            throw new ArgumentOutOfRangeException(
                name, elements, "The matrices of interventions that learn are larger than a text may ask for. Make the module in a program, or load a folder "
                    + "that holds its tensors.");
        }
    }
}
