using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Is what was read from a type with <c>[CausalModel]</c>. Only <see cref="Model"/> may enter a pipeline.</summary>
/// <param name="Model">The model, or <see langword="null"/> when it cannot be one.</param>
/// <param name="Problems">What is wrong with it.</param>
internal sealed record CausalModelReading(CausalModelSpec? Model, ImmutableArray<Diagnostic> Problems);
