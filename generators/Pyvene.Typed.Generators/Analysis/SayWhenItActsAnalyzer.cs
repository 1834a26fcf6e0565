using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds experiments that act in a generation without saying when: on the prompt, on every token or on chosen ones.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SayWhenItActsAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [DiagnosticDescriptors.MissingSteps];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (LibraryTypes.In(start.Compilation) is { } types) start.RegisterOperationBlockAction(block => Check(block, types));
        });
    }

    private static void Check(OperationBlockAnalysisContext context, LibraryTypes types)
    {
        var operations = context.OperationBlocks.SelectMany(block => block.DescendantsAndSelf()).ToArray();
        var experiments = new ExperimentSyntax(operations);
        var generations = operations.OfType<IInvocationOperation>().Where(call => call.TargetMethod.Name == "Generate" && LibraryTypes.Owns(call.TargetMethod));
        var silent = generations
            .Select(call => call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "experiment"))
            .SelectMany(argument => argument is null ? [] : experiments.StepsOf(argument.Value) ?? [])
            .Where(step => !SaysWhen(step.Site, types))
            .Select(step => step.Site.Syntax)
            .Distinct();
        foreach (var site in silent) context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.MissingSteps, site.GetLocation(), site.ToString()));
    }

    // A place that comes from elsewhere may well say it there.
    private static bool SaysWhen(IOperation site, LibraryTypes types) =>
        !SiteSyntax.IsInSight(site, types) || site.DescendantsAndSelf().Any(part => part is IInvocationOperation { TargetMethod.Name: "During" });
}
