using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Finds what the body of a variable reads: other variables of its object, and nothing that could hide a cause.</summary>
internal sealed class CausalBody
{
    // Types of the framework whose members differ from call to call.
    private static readonly string[] Fickle =
    [
        "System.Random", "System.DateTime", "System.DateTimeOffset", "System.Guid", "System.Environment", "System.Console", "System.Diagnostics.Stopwatch",
        "System.Security.Cryptography.RandomNumberGenerator", "System.TimeProvider", "System.GC", "Pyvene.Typed.Causal.CausalRandom",
    ];

    private static readonly string[] Ambient = ["Now", "UtcNow", "Today", "NewGuid", "CreateVersion7"];

    private readonly INamedTypeSymbol type;
    private readonly SemanticModel model;
    private readonly CancellationToken cancellation;
    private readonly HashSet<ISymbol> visited = new(SymbolEqualityComparer.Default);
    private readonly HashSet<string> reads = new(StringComparer.Ordinal);

    private CausalBody(INamedTypeSymbol type, SemanticModel model, CancellationToken cancellation) =>
        (this.type, this.model, this.cancellation) = (type, model, cancellation);

    /// <summary>Gets the names of the properties that are read.</summary>
    public IReadOnlyCollection<string> Reads => reads;

    /// <summary>Gets what is read that hides a cause: a fact and what to do.</summary>
    public (string Fact, string Remedy)? Problem { get; private set; }

    /// <summary>Gets whether the compiler finds an error in the body.</summary>
    public bool IsInvalid { get; private set; }

    /// <summary>Reads a body.</summary>
    /// <param name="type">The model.</param>
    /// <param name="body">The expression or the block.</param>
    /// <param name="model">The meaning of the file.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static CausalBody Of(INamedTypeSymbol type, SyntaxNode body, SemanticModel model, CancellationToken cancellation)
    {
        var found = new CausalBody(type, model, cancellation);
        found.Visit(body);
        return found;
    }

    private void Visit(SyntaxNode body)
    {
        if (model.GetOperation(body, cancellation) is not { } operation || body.ContainsDiagnostics)
        {
            IsInvalid = true;
            return;
        }

        Visit(operation);
    }

    private void Visit(IOperation operation)
    {
        if (operation is INameOfOperation) return;
        Look(operation);
        foreach (var child in operation.ChildOperations) Visit(child);
    }

    private void Look(IOperation operation)
    {
        switch (operation)
        {
            case IInvalidOperation:
                IsInvalid = true;
                break;
            case IPropertyReferenceOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } own:
                if (own.Instance.Syntax is BaseExpressionSyntax) Hide($"reads 'base.{own.Property.Name}'", "read a variable of the model");
                reads.Add(own.Property.Name);
                break;
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } self when !IsReceiver(self):
                Hide("uses 'this' as a whole", "name the variables that it needs");
                break;
            case IFieldReferenceOperation { Field: { IsConst: false, IsReadOnly: false } field } when !IsOfAValue(field):
                Hide(
                    $"reads the field '{field.Name}', which can change",
                    field.IsStatic ? "make it const or static readonly" : "make it a variable, or static readonly");
                break;
            case IFieldReferenceOperation { Field: { IsStatic: false, IsConst: false } field } when Owns(field):
                Hide($"reads the field '{field.Name}', which is no variable", "make it a variable, or static readonly");
                break;
            case IPropertyReferenceOperation { Property: { IsStatic: true } property }:
                if (property.SetMethod is not null) Hide($"reads '{property.ContainingType.Name}.{property.Name}', which can change", "make it a variable");
                else LookAt(property.GetMethod!, $"'{property.ContainingType.Name}.{property.Name}'");
                break;
            case IInvocationOperation { TargetMethod: { MethodKind: not (MethodKind.LocalFunction or MethodKind.DelegateInvoke) } method } call:
                if (call.Instance is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance })
                {
                    Hide($"calls '{method.Name}' of its object", $"make '{method.Name}' static, and give it the variables that it needs");
                }
                else
                {
                    LookAt(method, $"'{method.ContainingType.Name}.{method.Name}'");
                }

                break;
            case IMethodReferenceOperation { Instance: IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } named:
                Hide($"names '{named.Method.Name}' of its object", $"make '{named.Method.Name}' static");
                break;
            case IMethodReferenceOperation named:
                LookAt(named.Method, $"'{named.Method.ContainingType.Name}.{named.Method.Name}'");
                break;
            case IObjectCreationOperation { Type: { } created } when IsFickle(created) && created.Name.EndsWith("Random", StringComparison.Ordinal):
                Hide($"makes a '{created.Name}', which differs from call to call", "make what it draws an input");
                break;
        }
    }

    // The bodies of other files are not at hand here; static members of this one are looked through.
    private void LookAt(IMethodSymbol method, string name)
    {
        var owner = method.ContainingType;
        var member = (method.AssociatedSymbol ?? method).Name;
        if (IsFickle(owner) && (owner.Name is not ("DateTime" or "DateTimeOffset" or "Guid") || Ambient.Contains(member)))
        {
            Hide($"uses {name}, which differs from call to call", "make it an input");
            return;
        }

        if (!method.IsStatic || !visited.Add(method.OriginalDefinition)) return;
        foreach (var reference in method.DeclaringSyntaxReferences.Where(reference => reference.SyntaxTree == model.SyntaxTree))
        {
            SyntaxNode? body = reference.GetSyntax(cancellation) switch
            {
                BaseMethodDeclarationSyntax declared => (SyntaxNode?)declared.ExpressionBody?.Expression ?? declared.Body,
                AccessorDeclarationSyntax accessor => (SyntaxNode?)accessor.ExpressionBody?.Expression ?? accessor.Body,
                ArrowExpressionClauseSyntax arrow => arrow.Expression,
                _ => null,
            };
            if (body is not null && model.GetOperation(body, cancellation) is { } operation) Visit(operation);
        }
    }

    private static bool IsReceiver(IInstanceReferenceOperation self) =>
        self.Parent is IMemberReferenceOperation { Instance: { } of } && of == self
        || self.Parent is IInvocationOperation { Instance: { } called } && called == self;

    // A field of something that is computed here belongs to that value, and changes with it.
    private bool IsOfAValue(IFieldSymbol field) => !field.IsStatic && !Owns(field);

    private bool Owns(IFieldSymbol field) => SymbolEqualityComparer.Default.Equals(field.ContainingType, type);

    private static bool IsFickle(ITypeSymbol owner) =>
        Fickle.Contains(owner.ToDisplayString()) || owner.ContainingNamespace?.ToDisplayString() is "System.IO" or "System.Net" or "System.Net.Http";

    private void Hide(string fact, string remedy) => Problem ??= (fact, remedy);
}
