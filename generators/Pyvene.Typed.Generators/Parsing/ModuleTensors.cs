using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Tells what a module takes and returns, as its generic base class and its <c>forward</c> say.</summary>
internal static class ModuleTensors
{
    /// <summary>Returns why a component cannot be at a module, or <see langword="null"/> when it can, or when the types do not tell.</summary>
    /// <param name="module">The module's class.</param>
    /// <param name="component">The component.</param>
    public static (string Fact, string Remedy)? ProblemOf(ITypeSymbol module, ComponentSpec component)
    {
        if (TorchTypes.SignatureOf(module) is not { } signature) return null;
        var arguments = signature.Take(signature.Length - 1).ToArray();
        if (component.Argument is { } name)
        {
            var parameters = TorchTypes.OwnClasses(module)
                .SelectMany(current => current.GetMembers("forward").OfType<IMethodSymbol>())
                .FirstOrDefault(method => method.Parameters.Length == arguments.Length)
                ?.Parameters
                .Select(parameter => parameter.Name)
                .ToArray();
            return parameters is null || parameters.Any(parameter => Plain(parameter) == Plain(name))
                ? null
                : ($"it has no argument '{name}'", NameSuggestions.For(name, parameters));
        }

        var leaves = (component.IsInput ? arguments.SelectMany(Leaves) : Leaves(signature[signature.Length - 1])).ToArray();
        return component.Item < leaves.Length && leaves[component.Item].Name == "Tensor" ? null
            : ($"it {(component.IsInput ? "takes" : "returns")} {string.Join(", ", leaves.Select(leaf => leaf.Name))}", leaves.Length > 1
                ? $"'item' counts from 0 to {(leaves.Length - 1).ToString(CultureInfo.InvariantCulture)}, and must name a tensor"
                : "leave 'item' out, or name a module inside it");
    }

    private static IEnumerable<ITypeSymbol> Leaves(ITypeSymbol type) =>
        type is INamedTypeSymbol { IsTupleType: true } tuple ? tuple.TupleElements.SelectMany(element => Leaves(element.Type))
        : type is INamedTypeSymbol { ConstructedFrom.SpecialType: SpecialType.System_Nullable_T } optional ? Leaves(optional.TypeArguments[0])
        : [type];

    private static string Plain(string name) => name.Replace("_", "").ToUpperInvariant();
}
