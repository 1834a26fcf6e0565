using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Says where the dropped result of a chain of steps can be kept.</summary>
internal static class DroppedStep
{
    /// <summary>Returns what the chain starts from as code when the result can be assigned to it, else <see langword="null"/>.</summary>
    /// <param name="call">The last call of the chain.</param>
    public static string? TargetOf(IInvocationOperation call)
    {
        IOperation? root = call;
        while (root is IInvocationOperation step) root = ReceiverOf(step);
        return root is { Type: { } type } && SymbolEqualityComparer.Default.Equals(type, call.Type) && IsAssignable(root) ? root.Syntax.ToString() : null;
    }

    private static IOperation? ReceiverOf(IInvocationOperation call) =>
        call.Instance ?? (call.TargetMethod.IsExtensionMethod && call.Arguments.Length > 0 ? Unconverted(call.Arguments[0].Value) : null);

    private static IOperation Unconverted(IOperation operation) =>
        operation is IConversionOperation { IsImplicit: true } conversion ? Unconverted(conversion.Operand) : operation;

    private static bool IsAssignable(IOperation root) => root switch
    {
        ILocalReferenceOperation { Local: var local } => !local.IsConst && !local.IsUsing && !local.IsForEach && local.RefKind == RefKind.None,
        IParameterReferenceOperation { Parameter: var parameter } => parameter.RefKind is RefKind.None or RefKind.Ref or RefKind.Out,
        IFieldReferenceOperation { Field: var field } => !field.IsReadOnly && !field.IsConst,
        IPropertyReferenceOperation { Property: var property, Arguments.Length: 0 } => property.SetMethod is { IsInitOnly: false },
        _ => false,
    };
}
