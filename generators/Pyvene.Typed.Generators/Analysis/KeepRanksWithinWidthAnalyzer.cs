using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds learned spaces with more dimensions than the width that they are a part of, where both are constant.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class KeepRanksWithinWidthAnalyzer() : UsageAnalyzer(DiagnosticDescriptors.ConstantOutOfRange)
{
    private protected override void Register(CompilationStartAnalysisContext start, LibraryTypes types) =>
        start.RegisterOperationAction(Check, OperationKind.ObjectCreation);

    private static void Check(OperationAnalysisContext context)
    {
        var creation = (IObjectCreationOperation)context.Operation;
        if (creation.Type is not { } type || !LibraryTypes.Owns(type) || Constant(creation, "width") is not (_, var width)) return;
        if ((Constant(creation, "rank") ?? Constant(creation, "components")) is not var (argument, rank) || (rank >= 1 && rank <= width)) return;
        context.ReportDiagnostic(Diagnostic.Create(
            DiagnosticDescriptors.ConstantOutOfRange,
            argument.Value.Syntax.GetLocation(),
            Text(rank),
            argument.Parameter!.Name,
            type.Name,
            $"valid are 1 to {Text(width)}, the width"));
    }

    private static (IArgumentOperation Argument, int Value)? Constant(IObjectCreationOperation creation, string name) =>
        creation.Arguments.FirstOrDefault(argument =>
            argument.Parameter?.Name == name) is { Value.ConstantValue: { HasValue: true, Value: int value } } argument ? (argument, value) : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
