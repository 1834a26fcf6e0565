using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Finds tasks that nobody waits for, and that read what is disposed meanwhile.</summary>
internal static class DroppedTask
{
    private static readonly string[] Waiting = ["Wait", "Read", "Join", "Sleep", "GetResult", "Signal"];

    /// <summary>Returns what such a task reads, or <see langword="null"/>.</summary>
    /// <param name="call">Any call.</param>
    /// <param name="body">The body that it is in.</param>
    /// <param name="disposed">What the body disposes.</param>
    public static IOperation? Reads(IInvocationOperation call, Body body, DisposedLocals disposed)
    {
        if (!HeldValues.StartsTask(call) || !IsDropped(call, body)) return null;
        var read = HeldValues.In(call).OfType<ILocalReferenceOperation>().ToArray();
        if (read.Any(use => use.Type?.ContainingNamespace?.ToDisplayString().StartsWith("System.Threading", StringComparison.Ordinal) == true)) return null;
        return read.FirstOrDefault(use =>
            OwnedValue.IsOwner(use.Type) && disposed.ScopeOf(use.Local, call.Syntax) is { } scope && !WaitsBehind(call, scope, body));
    }

    private static bool IsDropped(IInvocationOperation call, Body body) => call.Parent switch
    {
        IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation } => true,
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } =>
            !body.Operations.OfType<ILocalReferenceOperation>().Any(use => SymbolEqualityComparer.Default.Equals(use.Local, local)),
        _ => false,
    };

    // A program that waits for anything behind the task may wait for it; a pause of some milliseconds is no waiting.
    private static bool WaitsBehind(IInvocationOperation call, SyntaxNode scope, Body body) => body.Operations.Any(operation =>
        operation.Syntax.SpanStart > call.Syntax.Span.End
        && scope.Span.Contains(operation.Syntax.Span)
        && operation switch
        {
            IAwaitOperation { Operation: IInvocationOperation { TargetMethod: { Name: "Delay" or "Yield", ContainingType.Name: "Task" } } } => false,
            IAwaitOperation or IForEachLoopOperation { IsAsynchronous: true } or ILoopOperation { LoopKind: LoopKind.While } => true,
            IInvocationOperation { TargetMethod.Name: var name } => Waiting.Any(word => name.StartsWith(word, StringComparison.Ordinal)),
            _ => false,
        });
}
