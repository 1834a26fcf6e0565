using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds runs that are asked for a gradient, or whose outputs go backward, and that record none, and optimisers over what is frozen.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RecordGradientsAnalyzer() : BodyAnalyzer(DiagnosticDescriptors.NoGradients)
{
    private const string RecordThem = "is asked for a gradient, but records none, and this throws; run with new RunOptions { Gradients = true }";

    private const string LetThemLearn =
        "are frozen when a model is loaded, so an optimiser over them changes nothing; give it the parameters of what learns, such as a rotation, "
            + "or set their requires_grad first";

    private protected override void Check(OperationBlockAnalysisContext context, Body body)
    {
        var asked = body.CallsOf("Gradient").Concat(body.CallsOf("Gradients"))
            .Select(call => ExperimentSyntax.ReceiverOf(call)).OfType<ILocalReferenceOperation>()
            .Select(run => run.Local);
        var silent = ScoreReading.RunsThatGoBackward(body).Where(runs => runs.All(run => PartOf(run, body) is not null)).SelectMany(runs => runs);
        foreach (var local in asked.Concat(silent).Distinct<ILocalSymbol>(SymbolEqualityComparer.Default))
        {
            if (PartOf(local, body) is { } part) Report(context, part, local.Name, RecordThem);
        }

        foreach (var parameters in FrozenParameters.GivenToOptimisers(body)) Report(context, parameters.Syntax, parameters.Syntax.ToString(), LetThemLearn);
    }

    private static void Report(OperationBlockAnalysisContext context, SyntaxNode place, string what, string remedy) =>
        context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.NoGradients, place.GetLocation(), what, remedy));

    private static SyntaxNode? PartOf(ILocalSymbol local, Body body) =>
        body.Experiments.ValueOf(local) is IInvocationOperation run ? SilentPart(run, body) : null;

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
