using System.IO;
using Microsoft.CodeAnalysis;

namespace Pyvene.Typed.Generators;

/// <summary>Tells the library among the references of a project. It does not reference itself.</summary>
internal static class LibraryReference
{
    private const string Library = "Pyvene.Typed";

    /// <summary>
    /// Returns whether a reference is the library. The compiler names a file; an IDE may hand over the compilation of a referenced project instead.
    /// </summary>
    /// <param name="reference">The reference.</param>
    public static bool Is(MetadataReference reference) => reference switch
    {
        CompilationReference project => project.Compilation.AssemblyName == Library,
        PortableExecutableReference file => Path.GetFileNameWithoutExtension(file.FilePath) == Library,
        _ => false,
    };
}
