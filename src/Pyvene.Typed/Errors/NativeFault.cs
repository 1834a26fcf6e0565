using System.Runtime.InteropServices;

namespace Pyvene.Typed.Errors;

/// <summary>Says in the library's words what TorchSharp throws out of code of the program that an experiment calls.</summary>
internal static class NativeFault
{
    /// <summary>Returns what went wrong, as the end of a sentence; null for errors that are not TorchSharp's.</summary>
    /// <param name="error">The error.</param>
    public static string? Of(Exception error) => error switch
    {
        ExternalException => $"failed in libtorch: {FirstLine(error.Message)}.",
        InvalidOperationException when error.Message.Contains("empty handle", StringComparison.Ordinal) =>
            "used a tensor that was disposed. Dispose it behind the last run that uses it, or move it out of its dispose scope.",
        _ => null,
    };

    // Behind it libtorch lists functions of its own.
    private static string FirstLine(string message) => message.Split('\n')[0].Trim().TrimEnd('.');
}
