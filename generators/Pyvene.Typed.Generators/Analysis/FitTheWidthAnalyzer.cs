using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Compares the width of constants, and of what learns, with that of a place in a known checkpoint.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FitTheWidthAnalyzer() : BodyAnalyzer(DiagnosticDescriptors.WrongWidth)
{
    private static readonly string[] Factories = ["zeros", "ones", "empty", "rand", "randn"];

    private protected override void Check(OperationBlockAnalysisContext context, Body body)
    {
        foreach (var step in body.Operations.OfType<IInvocationOperation>().Select(ExperimentSyntax.StepOf).OfType<ExperimentStep>())
        {
            var given = step.Call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name is "value" or "intervention");
            if (given is null || ChoosesFeatures(step.Site, body) || KnownComponent.Of(step.Site, body) is not { Width: { } width } component) continue;
            var value = InSight(given.Value, body);
            var isConstant = given.Parameter!.Name == "value";
            if ((isConstant ? LengthOf(value) : LearnedWidthOf(value)) is { } found && (isConstant ? found != width : found % width != 0))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    DiagnosticDescriptors.WrongWidth, given.Value.Syntax.GetLocation(), given.Value.Syntax.ToString(), found, component.Name, width));
            }
        }
    }

    private static IOperation InSight(IOperation value, Body body) =>
        ExperimentSyntax.Plain(value) is ILocalReferenceOperation { Local: var local } && body.Experiments.ValueOf(local) is { } held
            ? held
            : ExperimentSyntax.Plain(value);

    // A constant may be as wide as the features that are chosen.
    private static bool ChoosesFeatures(IOperation? site, Body body) => site switch
    {
        IInvocationOperation { TargetMethod.Name: "Features" or "Neuron" or "Neurons" } => true,
        IInvocationOperation call => ChoosesFeatures(ExperimentSyntax.ReceiverOf(call), body),
        ILocalReferenceOperation { Local: var local } => ChoosesFeatures(body.Experiments.ValueOf(local), body),
        _ => false,
    };

    private static int? LengthOf(IOperation value) => value switch
    {
        IArrayCreationOperation { Initializer.ElementValues.Length: var length } => length,
        IArrayCreationOperation { DimensionSizes: [{ ConstantValue: { HasValue: true, Value: int length } }] } => length,
        IInvocationOperation { TargetMethod: { Name: var name, ContainingType.Name: "torch" } } call when Factories.Contains(name) => LastSize(call),
        _ => null,
    };

    // randn(1, 64): the sizes are the leading whole numbers, or one list of them.
    private static int? LastSize(IInvocationOperation call)
    {
        var sizes = call.Arguments.Where(argument => argument.ArgumentKind == ArgumentKind.Explicit)
            .Select(argument => ExperimentSyntax.Plain(argument.Value))
            .ToArray();
        var listed = sizes is [ICollectionExpressionOperation list, ..] ? [.. list.Elements.Select(ExperimentSyntax.Plain)]
            : sizes is [IArrayCreationOperation { Initializer: { } array }, ..] ? [.. array.ElementValues.Select(ExperimentSyntax.Plain)]
            : sizes;
        return listed.TakeWhile(size => size.Type?.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64)
            .LastOrDefault()
            ?.ConstantValue is { HasValue: true, Value: int last } ? last : null;
    }

    private static int? LearnedWidthOf(IOperation value) =>
        value is IObjectCreationOperation { Type: { } type } creation && LibraryTypes.Owns(type)
        && creation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "width")?.Value.ConstantValue is { HasValue: true, Value: int width }
            ? width
            : null;
}
