using Microsoft.CodeAnalysis;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Holds the library's types that the rules look for, as one compilation knows them.</summary>
internal sealed class LibraryTypes
{
    private const string Library = "Pyvene.Typed";

    private LibraryTypes(Compilation compilation, INamedTypeSymbol architecture)
    {
        Architecture = architecture;
        ValidRange = compilation.GetTypeByMetadataName("Pyvene.Typed.ValidRangeAttribute");
        KnownSizes = compilation.GetTypeByMetadataName("Pyvene.Typed.KnownSizesAttribute");
        Pure = compilation.GetTypeByMetadataName("System.Diagnostics.Contracts.PureAttribute");
        Disposable = compilation.GetSpecialType(SpecialType.System_IDisposable);
        Module = compilation.GetTypeByMetadataName("TorchSharp.torch+nn+Module");
    }

    /// <summary>Gets the interface of the classes that stand for an architecture.</summary>
    public INamedTypeSymbol Architecture { get; }

    /// <summary>Gets the attribute of parameters with a known range.</summary>
    public INamedTypeSymbol? ValidRange { get; }

    /// <summary>Gets the attribute of components with known sizes.</summary>
    public INamedTypeSymbol? KnownSizes { get; }

    /// <summary>Gets the attribute of methods that only return a value.</summary>
    public INamedTypeSymbol? Pure { get; }

    /// <summary>Gets <c>IDisposable</c>.</summary>
    public INamedTypeSymbol Disposable { get; }

    /// <summary>Gets the base class of TorchSharp's modules.</summary>
    public INamedTypeSymbol? Module { get; }

    /// <summary>Returns the types, or <see langword="null"/> when the program does not use the library.</summary>
    /// <param name="compilation">The program.</param>
    public static LibraryTypes? In(Compilation compilation) =>
        compilation.GetTypeByMetadataName("Pyvene.Typed.Descriptors.IArchitecture") is { } architecture ? new LibraryTypes(compilation, architecture) : null;

    /// <summary>Returns whether something belongs to the library itself.</summary>
    /// <param name="symbol">A type or a member.</param>
    public static bool Owns(ISymbol symbol) => symbol.ContainingAssembly?.Name == Library;

    /// <summary>Returns whether a type is a generated architecture, or lies in one: a layer, a checkpoint, a stack.</summary>
    /// <param name="type">The type.</param>
    public bool IsArchitecture(ITypeSymbol type) =>
        type.AllInterfaces.Contains(Architecture, SymbolEqualityComparer.Default) || (type.ContainingType is { } outer && IsArchitecture(outer));

    /// <summary>Returns whether a type is a TorchSharp module.</summary>
    /// <param name="type">The type.</param>
    public bool IsModule(ITypeSymbol type)
    {
        for (ITypeSymbol? current = type; current is not null && Module is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current, Module)) return true;
        }

        return false;
    }
}
