using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds runs that exchange values of a prompt with those of the same prompt, which changes nothing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReadAnotherSourceAnalyzer() : BodyAnalyzer(DiagnosticDescriptors.SourceIsBase)
{
    private protected override void Check(OperationBlockAnalysisContext context, Body body)
    {
        foreach (var call in body.CallsOf("Run"))
        {
            if (PromptOf(call, "base") is { } prompt
                && PromptOf(call, "source") == prompt
                && body.ExperimentOf(call) is { } experiment
                && body.Experiments.StepsOf(experiment) is { } steps
                && steps.Any(step => step.Verb == "Interchange")
                && steps.All(OnlyExchanges))
            {
                context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.SourceIsBase, Argument(call, "source")!.Value.Syntax.GetLocation(), prompt));
            }
        }
    }

    // Any other write makes the base differ from the source by the time it is exchanged, and other positions hold other values.
    private static bool OnlyExchanges(ExperimentStep step) =>
        step.IsCollect || (step.Verb == "Interchange" && step.Call.Arguments.All(argument => argument.Parameter?.Name != "value")
            && !step.Site.DescendantsAndSelf()
                .Any(part => part is IInvocationOperation { TargetMethod.Name: "ReadAt" } or ILocalReferenceOperation or IParameterReferenceOperation));

    private static IArgumentOperation? Argument(IInvocationOperation call, string name) =>
        call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == name);

    // As messages name it. What a local or a parameter holds is the same in both arguments of one call.
    private static string? PromptOf(IInvocationOperation call, string name) =>
        Argument(call, name) is not { } argument ? null : ExperimentSyntax.Plain(argument.Value) switch
        {
            { ConstantValue: { HasValue: true, Value: string text } } => $"\"{text}\"",
            ILocalReferenceOperation { Local.Name: var local } => $"'{local}'",
            IParameterReferenceOperation { Parameter.Name: var parameter } => $"'{parameter}'",
            IFieldReferenceOperation { Field: { IsReadOnly: true } field, Instance: null or IInstanceReferenceOperation } => $"'{field.Name}'",
            _ => null,
        };
}
