using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds runs that are asked for a gradient, and record none.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RecordGradientsAnalyzer() : BodyAnalyzer(DiagnosticDescriptors.NoGradients)
{
    private protected override void Check(OperationBlockAnalysisContext context, Body body)
    {
        var asked = body.CallsOf("Gradient").Concat(body.CallsOf("Gradients"))
            .Select(call => ExperimentSyntax.ReceiverOf(call)).OfType<ILocalReferenceOperation>()
            .Select(run => run.Local).Distinct<ILocalSymbol>(SymbolEqualityComparer.Default);
        foreach (var local in asked)
        {
            if (body.Experiments.ValueOf(local) is IInvocationOperation run && SilentPart(run, body) is { } part)
            {
                context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.NoGradients, part.GetLocation(), local.Name));
            }
        }
    }

    // The options that leave gradients out, or the run that has none; null when it may record them.
    private static SyntaxNode? SilentPart(IInvocationOperation run, Body body)
    {
        if (run.TargetMethod.Name != "Run"
            || !LibraryTypes.Owns(run.TargetMethod)
            || run.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "options") is not { } options)
        {
            return null;
        }

        if (options.ArgumentKind == ArgumentKind.DefaultValue) return run.Syntax;
        var value = ExperimentSyntax.Plain(options.Value);
        var settings = value is ILocalReferenceOperation { Local: var local } ? body.Experiments.ValueOf(local) : value;
        return settings is { ConstantValue: { HasValue: true, Value: null } }
            || (settings is IObjectCreationOperation creation && creation.Initializer?.Initializers.Any(SetsGradients) != true) ? value.Syntax : null;
    }

    private static bool SetsGradients(IOperation setting) => setting is ISimpleAssignmentOperation
    {
        Target: IPropertyReferenceOperation { Property.Name: "Gradients" },
        Value.ConstantValue: not { HasValue: true, Value: false },
    };
}
