using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Is what was read from a user's module. Only <see cref="Module"/> may enter a pipeline.</summary>
/// <param name="Module">The module, or <see langword="null"/> when it cannot offer components.</param>
/// <param name="Problems">What is wrong with it.</param>
internal sealed record ModuleReading(ModuleSpec? Module, ImmutableArray<Diagnostic> Problems);
