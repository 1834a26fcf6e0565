namespace Pyvene.Typed.Native;

/// <summary>A symbol that a library asks for in a newer version than an older system has, although the same function is there.</summary>
/// <param name="Symbol">The only symbol that the library takes from the newer version, as the linker spells it.</param>
/// <param name="Version">The version that the library asks for, for example <c>GLIBCXX_3.4.32</c>.</param>
/// <param name="Older">The version to ask for instead. The library must ask for it elsewhere already.</param>
internal sealed record SymbolVersion(string Symbol, string Version, string Older);
