using Microsoft.CodeAnalysis;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Is where a module path leads: to a module, nowhere, or to where the types of fields say too little.</summary>
/// <param name="Module">The module's class, or <see langword="null"/>.</param>
/// <param name="Owner">The class at which the path ends too early, or <see langword="null"/>.</param>
/// <param name="Fact">Why it ends there.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record ModuleLookupResult(ITypeSymbol? Module, ITypeSymbol? Owner, string Fact, string Remedy)
{
    /// <summary>Gets what is said where types say too little.</summary>
    public static ModuleLookupResult Unknown { get; } = new(null, null, "", "");

    /// <summary>Returns a module that was found.</summary>
    /// <param name="module">Its class.</param>
    public static ModuleLookupResult Of(ITypeSymbol module) => new(module, null, "", "");

    /// <summary>Returns that the path leads nowhere.</summary>
    /// <param name="owner">The class at which it ends too early.</param>
    /// <param name="fact">Why.</param>
    /// <param name="remedy">What to do.</param>
    public static ModuleLookupResult Missing(ITypeSymbol owner, string fact, string remedy) => new(null, owner, fact, remedy);
}
