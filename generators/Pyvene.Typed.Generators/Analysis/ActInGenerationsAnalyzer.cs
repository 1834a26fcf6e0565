using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds steps for generated tokens in a run or a sweep, which generates none.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ActInGenerationsAnalyzer() : BodyAnalyzer(DiagnosticDescriptors.StepsWithoutGeneration)
{
    private protected override void Check(OperationBlockAnalysisContext context, Body body)
    {
        var calls = body.CallsOf("Run").Select(call => (Call: call, Experiment: body.ExperimentOf(call))).Where(run => run.Experiment is not null)
            .Concat(body.CallsOf("Sweep").SelectMany(call => ReturnsOf(call).Select(experiment => (Call: call, Experiment: (IOperation?)experiment))));
        var reported = new HashSet<SyntaxNode>();
        foreach (var (call, experiment) in calls)
        {
            var places = (body.Experiments.StepsOf(experiment!) ?? []).SelectMany(step => step.Site.DescendantsAndSelf());
            foreach (var steps in places.OfType<IInvocationOperation>().Where(choice => choice.TargetMethod.Name == "During").Select(During))
            {
                if (IsForTokens(steps) && reported.Add(steps.Syntax)) context.ReportDiagnostic(Diagnostic.Create(
                    DiagnosticDescriptors.StepsWithoutGeneration, steps.Syntax.GetLocation(), steps.Syntax.ToString(), call.TargetMethod.Name));
            }
        }
    }

    // What the lambda of a sweep returns.
    private static IEnumerable<IOperation> ReturnsOf(IInvocationOperation call) => call.Arguments
        .SelectMany(argument => argument.Value.DescendantsAndSelf().OfType<IAnonymousFunctionOperation>())
        .SelectMany(lambda => lambda.Body.DescendantsAndSelf().OfType<IReturnOperation>())
        .Select(returned => returned.ReturnedValue)
        .OfType<IOperation>();

    private static IOperation During(IInvocationOperation choice) => ExperimentSyntax.Plain(choice.Arguments.Last().Value);

    private static bool IsForTokens(IOperation steps) => steps switch
    {
        IPropertyReferenceOperation { Property: { Name: "Each" } property } => LibraryTypes.Owns(property),
        IInvocationOperation { TargetMethod: { Name: "At" or "In", ContainingType.Name: "Steps" } method } => LibraryTypes.Owns(method),
        _ => false,
    };
}
