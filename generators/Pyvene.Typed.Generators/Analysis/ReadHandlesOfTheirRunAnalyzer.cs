using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds handles of one experiment that are read in a run of another, where both are in sight.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReadHandlesOfTheirRunAnalyzer() : BodyAnalyzer(DiagnosticDescriptors.ForeignHandle)
{
    private protected override void Check(OperationBlockAnalysisContext context, Body body)
    {
        var experiments = body.Experiments;
        var handles = body.Operations.OfType<IInvocationOperation>()
            .Select(ExperimentSyntax.StepOf)
            .Where(step => step?.Handle is not null)
            .ToLookup(step => (ISymbol)step!.Handle!, SymbolEqualityComparer.Default);
        foreach (var read in body.Operations.OfType<IPropertyReferenceOperation>())
        {
            if (read is { Instance: ILocalReferenceOperation { Local: var run }, Property.IsIndexer: true, Arguments: [{ Value: var index }] }
                && ExperimentSyntax.Plain(index) is ILocalReferenceOperation { Local: var handle }
                && handles[handle].Count() == 1
                && !IsSetOtherwise(handle, body)
                && experiments.ValueOf(run) is IInvocationOperation { TargetMethod.Name: "Run" } call
                && LibraryTypes.Owns(call.TargetMethod)
                && body.ExperimentOf(call) is { } experiment
                && experiments.StepsOf(experiment) is { } steps
                && !steps.Any(step => SymbolEqualityComparer.Default.Equals(step.Handle, handle)))
            {
                context.ReportDiagnostic(Diagnostic.Create(DiagnosticDescriptors.ForeignHandle, index.Syntax.GetLocation(), handle.Name, run.Name));
            }
        }
    }

    private static bool IsSetOtherwise(ILocalSymbol handle, Body body) => body.Operations.OfType<IAssignmentOperation>()
        .Any(assignment => assignment.Target is ILocalReferenceOperation { Local: var local } && SymbolEqualityComparer.Default.Equals(local, handle));
}
