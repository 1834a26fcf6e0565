using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Is the base of the rules about code: a rule runs at once with others, not in generated code, and only where the program uses the library.</summary>
public abstract class UsageAnalyzer : DiagnosticAnalyzer
{
    private protected UsageAnalyzer(params ImmutableArray<DiagnosticDescriptor> rules) => SupportedDiagnostics = rules;

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; }

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (LibraryTypes.In(start.Compilation) is { } types) Register(start, types);
        });
    }

    /// <summary>Says what of a program the rule looks at.</summary>
    /// <param name="start">The program.</param>
    /// <param name="types">The library's types.</param>
    private protected abstract void Register(CompilationStartAnalysisContext start, LibraryTypes types);
}
