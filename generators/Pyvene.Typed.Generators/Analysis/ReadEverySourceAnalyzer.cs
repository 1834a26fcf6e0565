using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds experiments that are run and take a source which none of their steps reads, where all of them are in sight.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReadEverySourceAnalyzer() : BodyAnalyzer(DiagnosticDescriptors.UnreadSource)
{
    private protected override void Check(OperationBlockAnalysisContext context, Body body)
    {
        var runs = new[] { "Run", "Generate", "StreamAsync" }.SelectMany(body.CallsOf);
        foreach (var group in runs.Select(body.ExperimentOf)
            .OfType<IOperation>()
            .Select(experiment => (Experiment: experiment, Taken: body.Experiments.CountOf(experiment)))
            .Where(run => run.Taken is not null)
            .GroupBy(run => run.Taken!.Syntax))
        {
            var (experiment, taken) = group.First();
            if (taken!.Arguments.Last().Value is not { ConstantValue: { HasValue: true, Value: int count } } place
                || body.Experiments.StepsOf(experiment) is not { } steps)
            {
                continue;
            }

            var read = steps.Select(step => SourceOf(step, body.Types)).ToArray();
            if (read.Contains(null)) continue;
            var unread = Enumerable.Range(0, count).Where(source => !read.Contains(source)).ToArray();
            if (unread.Length > 0)
            {
                context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.UnreadSource, place.Syntax.GetLocation(), count, unread[0]));
            }
        }
    }

    // Null where it is not in sight; −1 where none is read.
    private static int? SourceOf(ExperimentStep step, LibraryTypes types)
    {
        if (step.Verb == "Zero" || step.IsCollect || step.Call.Arguments.Any(argument => argument.Parameter?.Name == "value")) return -1;
        if (!SiteSyntax.IsInSight(step.Site, types) || step.Site is ILocalReferenceOperation) return null;
        var from = step.Site.DescendantsAndSelf().OfType<IInvocationOperation>().FirstOrDefault(call => call.TargetMethod.Name == "From");
        return from is null ? 0
            : ExperimentSyntax.Plain(from.Arguments.Last().Value) switch
            {
                IInvocationOperation { TargetMethod.Name: "At", Arguments: [{ Value.ConstantValue: { HasValue: true, Value: int number } }] } => number,
                IPropertyReferenceOperation { Property.Name: "First" } => 0,
                IPropertyReferenceOperation { Property.Name: "Second" } => 1,
                IPropertyReferenceOperation { Property.Name: "Third" } => 2,
                IPropertyReferenceOperation { Property.Name: "Fourth" } => 3,
                _ => null,
            };
    }
}
