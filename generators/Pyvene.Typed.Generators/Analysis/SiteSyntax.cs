using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Is a place in a layer, as a program writes it with a constant index.</summary>
/// <param name="Row">The method that finds the layer: stacks have rows of their own.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Component">The name of the component's property, such as <c>BlockOutput</c>.</param>
/// <param name="IsWhole">Whether nothing of the component is chosen: all positions and features are meant.</param>
internal sealed record SiteSyntax(IMethodSymbol Row, int Layer, string Component, bool IsWhole)
{
    /// <summary>Returns whether all that this place does goes through the output of another's layer.</summary>
    /// <param name="other">The other place.</param>
    public bool IsBefore(SiteSyntax other) => SymbolEqualityComparer.Default.Equals(Row, other.Row) && Layer <= other.Layer;

    /// <summary>Reads a place, or returns <see langword="null"/> when it is not all in sight.</summary>
    /// <param name="site">The expression.</param>
    /// <param name="types">The library's types.</param>
    public static SiteSyntax? Of(IOperation site, LibraryTypes types)
    {
        var component = WrittenPlace(site);
        var isWhole = component is IPropertyReferenceOperation;
        while (component is IInvocationOperation step) component = ExperimentSyntax.ReceiverOf(step);
        return component is IPropertyReferenceOperation
            {
                Instance: IInvocationOperation { TargetMethod: { Name: "Layer" } method, Arguments: [{ Value: var index }] },
            } property
            && ExperimentSyntax.Plain(index).ConstantValue is { HasValue: true, Value: int layer }
            && types.IsArchitecture(method.ContainingType)
            ? new SiteSyntax(method, layer, property.Property.Name, isWhole)
            : null;
    }

    /// <summary>
    /// Returns whether one expression of a chain is certainly the same place in the base as another, or a part of it; where they read the source does not
    /// count.
    /// </summary>
    /// <param name="part">The one.</param>
    /// <param name="whole">The other.</param>
    /// <param name="types">The library's types.</param>
    public static bool IsCovered(IOperation part, IOperation whole, LibraryTypes types)
    {
        var (one, other) = (WrittenPlace(part), WrittenPlace(whole));
        while (other is IPropertyReferenceOperation && one is IInvocationOperation choice && ExperimentSyntax.ReceiverOf(choice) is { } receiver)
        {
            one = receiver;
        }

        return SyntaxFactory.AreEquivalent(one.Syntax, other.Syntax)
            && WrittenPlace(part).DescendantsAndSelf().All(operation => IsRepeatable(operation, types));
    }

    /// <summary>Returns whether two places certainly read the same source.</summary>
    /// <param name="first">One expression.</param>
    /// <param name="second">The other.</param>
    public static bool ReadOneSource(IOperation first, IOperation second) => SourceOf(first) == SourceOf(second);

    /// <summary>Returns whether a place is written out: all that chooses something of it stands there.</summary>
    /// <param name="site">The expression.</param>
    /// <param name="types">The library's types.</param>
    public static bool IsInSight(IOperation site, LibraryTypes types) => site.DescendantsAndSelf().All(part => part switch
    {
        ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation =>
            part.Type is { } type && !LibraryTypes.Owns(type) && !types.IsArchitecture(type),
        _ => IsRepeatable(part, types),
    });

    private static string? SourceOf(IOperation site) => site.DescendantsAndSelf().OfType<IInvocationOperation>()
        .FirstOrDefault(call => call.TargetMethod.Name == "From")?.Arguments.Last().Value.Syntax.ToString();

    // From and ReadAt say what is read, not where it goes.
    private static IOperation WrittenPlace(IOperation site)
    {
        var place = ExperimentSyntax.Plain(site);
        while (place is IInvocationOperation { TargetMethod.Name: "From" or "ReadAt" } call && ExperimentSyntax.ReceiverOf(call) is { } receiver)
        {
            place = receiver;
        }

        return place;
    }

    // A call of anybody else's method may give another value the second time.
    private static bool IsRepeatable(IOperation operation, LibraryTypes types) => operation switch
    {
        IInvocationOperation call => IsOurs(call.TargetMethod, types),
        IPropertyReferenceOperation property => IsOurs(property.Property, types),
        IAssignmentOperation or IIncrementOrDecrementOperation or IAwaitOperation or IDynamicInvocationOperation => false,
        _ => true,
    };

    private static bool IsOurs(ISymbol member, LibraryTypes types) =>
        LibraryTypes.Owns(member) || (member.ContainingType is { } type && types.IsArchitecture(type));
}
