using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Pyvene.Typed.Generators.Diagnostics;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Reads the fields of a class with <c>[InterventionModel]</c> as TorchSharp registers them.</summary>
internal sealed class ModuleReader
{
    /// <summary>The attribute that marks a class.</summary>
    public const string Attribute = "Pyvene.Typed.InterventionModelAttribute";

    private static readonly SymbolDisplayFormat Declared = new(genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters);

    private readonly INamedTypeSymbol type;
    private readonly ImmutableArray<Diagnostic>.Builder problems = ImmutableArray.CreateBuilder<Diagnostic>();
    private readonly HashSet<string> paths = new(StringComparer.Ordinal);
    private readonly HashSet<string> members = new(StringComparer.Ordinal) { "Input", "Output" };

    private ModuleReader(INamedTypeSymbol type) => this.type = type;

    /// <summary>Reads a class.</summary>
    /// <param name="type">The class.</param>
    public static ModuleReading Read(INamedTypeSymbol type)
    {
        var reader = new ModuleReader(type);
        var module = reader.Read();
        return new ModuleReading(module, reader.problems.ToImmutable());
    }

    private ModuleSpec? Read()
    {
        var whole = SelfAndOwners().FirstOrDefault(owner => !IsPartial(owner));
        var (fact, remedy) =
            !TorchTypes.IsModule(type) ? ("it is not a TorchSharp module", "derive it from nn.Module<Tensor, Tensor> or another of its forms")
            : type.IsFileLocal ? ("it is local to its file, where generated code cannot reach it", "drop 'file'")
            : whole is not null ? ($"'{whole.Name}' is not partial, so nothing can be added to it", $"write 'partial class {whole.Name}'")
            : (null, null);
        if (fact is not null)
        {
            var properties = TorchTypes.IsModule(type) && !type.IsFileLocal ? ImmutableDictionary<string, string?>.Empty.Add(DiagnosticProperties.NotPartial, "") : null;
            problems.Add(Diagnostic.Create(DiagnosticDescriptors.UnusableModule, PlaceOf(type), properties, type.Name, fact, remedy));
            return null;
        }

        var fields = TorchTypes.OwnClasses(type).SelectMany(current => current.GetMembers().OfType<IFieldSymbol>()).Where(field => !field.IsStatic && !field.IsConst).Select(ReadField).OfType<ModuleFieldSpec>().ToEquatableArray();
        return new ModuleSpec(
            Hint(),
            type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(),
            SelfAndOwners().Skip(1).Reverse().Select(Declaration).ToEquatableArray(),
            type.Name,
            type.ToDisplayString(Declared),
            TorchTypes.OwnClasses(type).Skip(1).Any(IsMarked),
            fields);
    }

    private ModuleFieldSpec? ReadField(IFieldSymbol field)
    {
        var described = ComponentDescription.Of(field);
        var item = TorchTypes.ItemOf(field.Type);
        var module = (item ?? field.Type).WithNullableAnnotation(NullableAnnotation.NotAnnotated);
        if (!TorchTypes.MayHaveHooks(module))
        {
            if (described.IsPresent) Report(field, "is no module that has an output", "remove [Component]");
            return null;
        }

        var property = field.AssociatedSymbol as IPropertySymbol;
        var path = TorchTypes.RegisteredName(field);
        if (path is null && property is not null)
        {
            problems.Add(Diagnostic.Create(
                DiagnosticDescriptors.MangledName,
                PlaceOf(property),
                ImmutableDictionary<string, string?>.Empty.Add(DiagnosticProperties.Name, CSharpNames.Camel(property.Name)),
                property.Name,
                field.Name,
                CSharpNames.Camel(property.Name)));
            return null;
        }

        path ??= field.Name;
        if (!paths.Add(path)) return null; // TorchSharp keeps the first, that of the derived class.

        var child = IsMarked(module) ? (INamedTypeSymbol)module : null;
        var member = described.Name ?? CSharpNames.Pascal(property?.Name ?? field.Name);
        var problem = ProblemOf(member, described, child);
        if (problem is { } wrong)
        {
            Report(field, wrong.Fact, wrong.Remedy);
            return null;
        }

        return new ModuleFieldSpec(
            member,
            path,
            module.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat),
            child is not null && Accessibility(child) != Visibility.Private ? child.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) : null,
            child is null || Accessibility(child) == Visibility.Public,
            item is not null,
            described.Axes.ToEquatableArray(),
            described.Heads,
            described.HeadAxis,
            described.Summary);
    }

    private (string Fact, string Remedy)? ProblemOf(string member, ComponentDescription described, INamedTypeSymbol? child) =>
        !CSharpNames.IsTypeName(member) || member == type.Name ? ($"cannot be named '{member}'", "name it with [Component(Name = \"…\")], in Pascal case")
        : !members.Add(member) ? ($"would be named '{member}', as another is", "name it with [Component(Name = \"…\")]")
        : child is not null && (described.Axes.Length > 0 || described.Heads != 0) ? ($"is described, but '{child.Name}' offers its own components", $"describe them in '{child.Name}'")
        : described.Problem;

    private void Report(IFieldSymbol field, string fact, string remedy)
    {
        var declared = field.AssociatedSymbol ?? field;
        problems.Add(Diagnostic.Create(DiagnosticDescriptors.UnusableComponent, PlaceOf(declared), declared.Name, fact, remedy));
    }

    private IEnumerable<INamedTypeSymbol> SelfAndOwners()
    {
        for (var current = type; current is not null; current = current.ContainingType) yield return current;
    }

    private string Hint() =>
        string.Join(".", SelfAndOwners().Reverse().Select(owner => owner.MetadataName.Replace('`', '-')).Prepend(type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString()).Where(part => part.Length > 0));

    private static string Declaration(INamedTypeSymbol owner) =>
        $"partial {(owner.IsRecord ? "record " : "")}{(owner.TypeKind == TypeKind.Struct ? "struct" : owner is { IsRecord: true } ? "class" : owner.TypeKind == TypeKind.Interface ? "interface" : "class")} {owner.ToDisplayString(Declared)}";

    private static bool IsPartial(INamedTypeSymbol owner) =>
        owner.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static bool IsMarked(ITypeSymbol candidate) =>
        candidate is INamedTypeSymbol && candidate.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == Attribute);

    private static Visibility Accessibility(INamedTypeSymbol child)
    {
        var worst = Visibility.Public;
        for (INamedTypeSymbol? current = child; current is not null; current = current.ContainingType)
        {
            var own = current.DeclaredAccessibility switch
            {
                Microsoft.CodeAnalysis.Accessibility.Public => Visibility.Public,
                Microsoft.CodeAnalysis.Accessibility.Internal or Microsoft.CodeAnalysis.Accessibility.ProtectedOrInternal => Visibility.Internal,
                _ => Visibility.Private,
            };
            if (own > worst) worst = own;
        }

        return worst;
    }

    private static Location? PlaceOf(ISymbol symbol) => symbol.Locations.FirstOrDefault();

    private enum Visibility
    {
        Public,
        Internal,
        Private,
    }
}
