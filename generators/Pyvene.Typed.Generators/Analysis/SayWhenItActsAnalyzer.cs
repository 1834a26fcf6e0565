using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds experiments that act in a generation without saying when: on the prompt, on every token or on chosen ones.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SayWhenItActsAnalyzer() : BodyAnalyzer(DiagnosticDescriptors.MissingSteps)
{
    private protected override void Check(OperationBlockAnalysisContext context, Body body)
    {
        var silent = body.CallsOf("Generate").Concat(body.CallsOf("StreamAsync"))
            .Select(call => call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "experiment"))
            .SelectMany(argument => argument is null ? [] : body.Experiments.StepsOf(argument.Value) ?? [])
            .Where(step => !SaysWhen(step.Site, body.Types))
            .Select(step => step.Site.Syntax)
            .Distinct();
        foreach (var site in silent) context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.MissingSteps, site.GetLocation(), site.ToString()));
    }

    // A place that comes from elsewhere may well say it there.
    private static bool SaysWhen(IOperation site, LibraryTypes types) =>
        !SiteSyntax.IsInSight(site, types) || site.DescendantsAndSelf().Any(part => part is IInvocationOperation { TargetMethod.Name: "During" });
}
