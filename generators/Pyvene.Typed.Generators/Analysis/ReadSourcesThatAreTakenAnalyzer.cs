using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Compares the number of a source with how many the experiment takes, where both are constant.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReadSourcesThatAreTakenAnalyzer() : BodyAnalyzer(DiagnosticDescriptors.ConstantOutOfRange)
{
    private protected override void Check(OperationBlockAnalysisContext context, Body body)
    {
        foreach (var step in body.Operations.OfType<IInvocationOperation>().Select(ExperimentSyntax.StepOf).OfType<ExperimentStep>())
        {
            if (step.Site.DescendantsAndSelf()
                .OfType<IInvocationOperation>()
                .FirstOrDefault(IsNumberedSource) is not { Arguments: [{ Value: { ConstantValue: { HasValue: true, Value: int number } } index }] })
            {
                continue;
            }

            if (body.Experiments.CountOf(step.Call)?.Arguments.Last().Value.ConstantValue is { HasValue: true, Value: int and > 0 and var count }
                && number >= count)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    DiagnosticDescriptors.ConstantOutOfRange, index.Syntax.GetLocation(), number.ToString(CultureInfo.InvariantCulture), "index", "Source.At",
                    $"valid are 0 to {(count - 1).ToString(CultureInfo.InvariantCulture)}, as "
                        + $"WithSources({count.ToString(CultureInfo.InvariantCulture)}) says"));
            }
        }
    }

    private static bool IsNumberedSource(IInvocationOperation call) =>
        call.TargetMethod is { Name: "At", ContainingType.Name: "Source" } method && LibraryTypes.Owns(method);
}
