using System.Runtime.InteropServices;

namespace Pyvene.Typed.Errors;

/// <summary>TorchSharp's native library cannot be loaded; the message is one sentence that says what is missing and what to do.</summary>
public sealed class NativeLibraryException : PyveneException
{
    internal NativeLibraryException(string library, string message, Exception? innerException = null)
        : base(message, innerException) => Library = library;

    /// <summary>The file that is missing or does not load, for example <c>libtorch.so</c>.</summary>
    public string Library { get; }

    /// <summary>The platform the process runs on, for example <c>linux-x64</c>.</summary>
    public string Platform { get; } = RuntimeInformation.RuntimeIdentifier;
}
