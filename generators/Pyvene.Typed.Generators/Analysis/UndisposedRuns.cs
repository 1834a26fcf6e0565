using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Follows a query whose items are runs, such as <c>texts.Select(text =&gt; model.Run(…))</c>, to where they are read, and never disposed.</summary>
/// <param name="uses">The uses of the body's locals.</param>
internal sealed class UndisposedRuns(ILookup<ILocalSymbol, ILocalReferenceOperation> uses)
{
    private static readonly string[] Passing =
        ["AsEnumerable", "Where", "OrderBy", "OrderByDescending", "Reverse", "Skip", "SkipLast", "Take", "TakeLast", "TakeWhile", "ToArray", "ToList"];

    private static readonly string[] Reading = ["All", "Any", "Average", "Count", "Max", "Min", "Select", "SelectMany", "Sum", "ToHashSet"];

    /// <summary>Returns whether a run that a lambda returns is an item of a query all of whose items are certainly only read.</summary>
    /// <param name="run">The run, with its conversions.</param>
    public bool AreOnlyRead(IOperation run) =>
        run.Parent is IReturnOperation { Parent: IBlockOperation { Operations.Length: 1, Parent: IAnonymousFunctionOperation function } }
        && QueryOf(function) is { TargetMethod.Name: "Select" } query
        && IsOnlyRead(query);

    // The call of LINQ that a lambda is an argument of.
    private static IInvocationOperation? QueryOf(IAnonymousFunctionOperation function)
    {
        IOperation value = function;
        while (value.Parent is IDelegateCreationOperation or IConversionOperation) value = value.Parent;
        return value.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.ContainingType.Name: "Enumerable" } query } ? query : null;
    }

    private bool IsOnlyRead(IOperation sequence)
    {
        while (sequence.Parent is IConversionOperation or IParenthesizedOperation or ITranslatedQueryOperation) sequence = sequence.Parent;
        return sequence.Parent switch
        {
            IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { ContainingType.Name: "Enumerable", Name: var name } } next } argument
                when ReferenceEquals(next.Arguments[0], argument) && next.Arguments.Skip(1).All(OnlyReads) =>
                Passing.Contains(name) ? IsOnlyRead(next) : Reading.Contains(name),
            IForEachLoopOperation { LoopControlVariable: IVariableDeclaratorOperation { Symbol: var item } } loop
                when ReferenceEquals(loop.Collection, sequence) =>
                uses[item].All(DisposeRunsAnalyzer.KeepsOwnership),
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: { IsUsing: false } local } } =>
                uses[local].Any() && uses[local].All(IsListRead),
            IPropertyReferenceOperation or IArrayElementReferenceOperation => IsListRead(sequence),
            _ => false,
        };
    }

    private bool IsListRead(IOperation list) => list.Parent switch
    {
        IPropertyReferenceOperation { Property.Name: "Count" or "Length" } => true,
        IPropertyReferenceOperation { Property.IsIndexer: true } item => IsItemRead(item),
        IArrayElementReferenceOperation item => IsItemRead(item),
        _ => IsOnlyRead(list),
    };

    private static bool IsItemRead(IOperation item) => item.Parent switch
    {
        IPropertyReferenceOperation property => ReferenceEquals(property.Instance, item),
        IInvocationOperation call => ReferenceEquals(call.Instance, item) && !DisposeRunsAnalyzer.Disposes(call),
        _ => false,
    };

    // A lambda that hands its item on may hand it to somebody who disposes it.
    private bool OnlyReads(IArgumentOperation argument)
    {
        var value = ExperimentSyntax.Plain(argument.Value);
        if (value is IDelegateCreationOperation { Target: IAnonymousFunctionOperation target }) value = target;
        return value is not (IDelegateCreationOperation or IMethodReferenceOperation)
            && (value is not IAnonymousFunctionOperation { Symbol.Parameters: [var item, ..] } function || function.Body.Descendants()
                .OfType<IParameterReferenceOperation>()
                .Where(use => SymbolEqualityComparer.Default.Equals(use.Parameter, item))
                .All(IsItemRead));
    }
}
