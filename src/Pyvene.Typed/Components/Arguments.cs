using System.Runtime.CompilerServices;

namespace Pyvene.Typed;

/// <summary>Checks arguments where an expression needs them.</summary>
internal static class Arguments
{
    /// <summary>Returns an argument that must be there.</summary>
    /// <param name="value">The argument.</param>
    /// <param name="name">Its name, which the compiler fills in.</param>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public static T Given<T>(this T? value, [CallerArgumentExpression(nameof(value))] string? name = null)
        where T : class => value ?? throw new ArgumentNullException(name);
}
