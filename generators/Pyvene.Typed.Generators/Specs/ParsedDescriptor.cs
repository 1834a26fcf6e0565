using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Specs;

/// <summary>Is what was read from a descriptor: a model unless it has errors, and the errors.</summary>
/// <param name="Path">The file's path.</param>
/// <param name="Model">The model, or <see langword="null"/> when the file has errors.</param>
/// <param name="TypePlace">Where the file names the type.</param>
/// <param name="Diagnostics">The errors.</param>
internal sealed record ParsedDescriptor(string Path, ModelSpec? Model, TextPlace TypePlace, EquatableArray<ParseDiagnostic> Diagnostics);
