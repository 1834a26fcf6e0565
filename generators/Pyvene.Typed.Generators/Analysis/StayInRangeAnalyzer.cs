using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Compares constants with the range that a known checkpoint has, such as the layers, heads and neurons of <c>Gpt2.Small</c>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StayInRangeAnalyzer() : BodyAnalyzer(DiagnosticDescriptors.ConstantOutOfRange)
{
    private protected override void Check(OperationBlockAnalysisContext context, Body body)
    {
        foreach (var argument in body.Operations.OfType<IArgumentOperation>())
        {
            if (IndexedAxis.Of(argument, body) is not { } axis) continue;
            foreach (var index in WrittenIndex.In(argument.Value))
            {
                if (index.ProblemOn(axis) is not { } remedy) continue;
                var written = index.IsRange || index.Place.IsKind(SyntaxKind.IndexExpression)
                    ? index.Place.ToString()
                    : index.Start!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
                context.ReportDiagnostic(Diagnostic.Create(
                    DiagnosticDescriptors.ConstantOutOfRange, index.Place.GetLocation(), written, argument.Parameter!.Name, axis.Owner, remedy));
            }
        }
    }
}
