using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Compares constants with the range that a known checkpoint has, such as the layers of <c>Gpt2.Small</c>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StayInRangeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [DiagnosticDescriptors.ConstantOutOfRange];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (LibraryTypes.In(start.Compilation)?.ValidRange is { } range)
            {
                start.RegisterOperationAction(operation => Check(operation, range), OperationKind.Argument);
            }
        });
    }

    private static void Check(OperationAnalysisContext context, INamedTypeSymbol range)
    {
        var argument = (IArgumentOperation)context.Operation;
        if (ExperimentSyntax.Plain(argument.Value).ConstantValue is { HasValue: true, Value: int value }
            && argument.Parameter?.FindAttribute(range) is { ConstructorArguments: [{ Value: int minimum }, { Value: int maximum }] }
            && (value < minimum || value > maximum))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                DiagnosticDescriptors.ConstantOutOfRange,
                argument.Value.Syntax.GetLocation(),
                value,
                argument.Parameter.Name,
                argument.Parameter.ContainingSymbol.ToDisplayString(SymbolNames.WithOwners),
                minimum,
                maximum));
        }
    }
}
