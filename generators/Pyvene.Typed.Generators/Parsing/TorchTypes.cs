using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Tells TorchSharp's types apart by name, so that nothing of a compilation is kept.</summary>
internal static class TorchTypes
{
    private static readonly string[] Registrations = ["register_module", "add_module"];

    /// <summary>Returns whether a type is a module.</summary>
    /// <param name="type">The type.</param>
    public static bool IsModule(ITypeSymbol type) => SelfAndBases(type).Any(current => Is(current, "Module"));

    /// <summary>Returns whether a module may have hooks: it can be called, or its class says too little to know.</summary>
    /// <param name="type">The type.</param>
    public static bool MayHaveHooks(ITypeSymbol type) =>
        (Is(type, "Module") || Is(type, "IModule")) || SelfAndBases(type).Any(current => Is(current, "HookableModule"));

    /// <summary>Returns the type of the modules of a <c>ModuleList</c>, or <see langword="null"/> for anything else.</summary>
    /// <param name="type">The type.</param>
    public static ITypeSymbol? ItemOf(ITypeSymbol type) =>
        SelfAndBases(type).OfType<INamedTypeSymbol>()
            .FirstOrDefault(current => current is { Name: "ModuleList", Arity: 1 } && IsTorch(current))
            ?.TypeArguments[0];

    /// <summary>Returns the class and its bases up to TorchSharp's own, in the order in which TorchSharp looks for fields.</summary>
    /// <param name="type">The class.</param>
    public static IEnumerable<ITypeSymbol> OwnClasses(ITypeSymbol type) =>
        SelfAndBases(type).TakeWhile(current => !IsTorch(current) && current.SpecialType != SpecialType.System_Object);

    /// <summary>Returns the name that <c>[ComponentName]</c> gives a field, or <see langword="null"/>.</summary>
    /// <param name="field">The field.</param>
    public static string? RegisteredName(IFieldSymbol field) => field.GetAttributes()
        .FirstOrDefault(attribute => attribute.AttributeClass?.ToDisplayString() == "TorchSharp.Utils.ComponentNameAttribute")?.NamedArguments
        .FirstOrDefault(argument => argument.Key == "Name").Value is { Kind: not TypedConstantKind.Array } value ? value.Value as string : null;

    /// <summary>Returns the types that a module takes, and last the one that it returns; <see langword="null"/> when its class does not say.</summary>
    /// <param name="type">The module's class.</param>
    public static ITypeSymbol[]? SignatureOf(ITypeSymbol type) =>
        SelfAndBases(type).OfType<INamedTypeSymbol>().FirstOrDefault(current => current.Arity > 1 && Is(current, "Module"))?.TypeArguments.ToArray();

    /// <summary>Returns whether a class tells TorchSharp of modules by hand, or hands itself to code that may do so.</summary>
    /// <param name="type">The class.</param>
    public static bool RegistersByHand(ITypeSymbol type) => type.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax().DescendantNodes().Any(node =>
        node is SimpleNameSyntax name ? Registrations.Contains(name.Identifier.ValueText) : node is ArgumentSyntax { Expression: ThisExpressionSyntax }));

    // A type parameter is a module where a class that it must derive from is one.
    private static IEnumerable<ITypeSymbol> SelfAndBases(ITypeSymbol type)
    {
        var seen = new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default);
        for (ITypeSymbol? current = type; current is not null && seen.Add(current); current = BaseOf(current)) yield return current;
    }

    private static ITypeSymbol? BaseOf(ITypeSymbol type) => type is not ITypeParameterSymbol parameter
        ? type.BaseType
        : parameter.ConstraintTypes.FirstOrDefault(constraint =>
            constraint.TypeKind is TypeKind.Class or TypeKind.TypeParameter && SelfAndBases(constraint).Any(current => Is(current, "Module")))
            ?? parameter.ConstraintTypes.FirstOrDefault();

    // The classes lie in one another: TorchSharp.torch.nn.Module.
    private static bool Is(ITypeSymbol type, string name) => type.Name == name && type.ContainingType is { Name: "nn" } && IsTorch(type);

    private static bool IsTorch(ITypeSymbol type) => type.ContainingAssembly?.Name == "TorchSharp";
}
