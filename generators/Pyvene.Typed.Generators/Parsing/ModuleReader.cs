using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Pyvene.Typed.Generators.Diagnostics;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Reads the fields of a class with <c>[InterventionModel]</c> as TorchSharp registers them.</summary>
internal sealed class ModuleReader
{
    /// <summary>The attribute that marks a class.</summary>
    public const string Attribute = "Pyvene.Typed.InterventionModelAttribute";

    // The name of the generated classes.
    private const string Generated = "Components";

    private static readonly string[] ObjectMembers = ["Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString"];

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
        try
        {
            return new ModuleReading(reader.Read(), reader.problems.ToImmutable());
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A fault here must not cost the other classes their components.
            return new ModuleReading(null, [Diagnostic.Create(
                DiagnosticDescriptors.UnusableModule,
                PlaceOf(type),
                type.Name,
                $"the generator failed on it ({exception.GetType().Name}, {exception.Message})",
                "please report that, with the class")]);
        }
    }

    /// <summary>Returns why nothing can be added to a class, or <see langword="null"/>.</summary>
    private static (string Fact, string Remedy, bool IsNotPartial)? ObstacleOf(INamedTypeSymbol type) =>
        !TorchTypes.IsModule(type) ? ("it is not a TorchSharp module", "derive it from nn.Module<Tensor, Tensor> or another of its forms", false)
        : PartialTypes.ObstacleOf(type) is { } obstacle ? obstacle
        : type.Name == Generated ? ($"it is named '{Generated}', as what it would offer is", "name it otherwise", false)
        : type.GetMembers(Generated).Any(IsOwn) ? ($"it has a member '{Generated}' of its own", "name that otherwise", false)
        : null;

    // Rules see the program with what was generated in it.
    private static bool IsOwn(ISymbol member) =>
        member.DeclaringSyntaxReferences.Any(reference => !reference.SyntaxTree.FilePath.EndsWith(".Components.g.cs", StringComparison.Ordinal));

    private ModuleSpec? Read()
    {
        if (ObstacleOf(type) is var (fact, remedy, isNotPartial))
        {
            var properties = isNotPartial ? ImmutableDictionary<string, string?>.Empty.Add(DiagnosticProperties.NotPartial, "") : null;
            problems.Add(Diagnostic.Create(DiagnosticDescriptors.UnusableModule, PlaceOf(type), properties, type.Name, fact, remedy));
            return null;
        }

        var root = Enumerable.Range(1, int.MaxValue)
            .Select(number => number == 1 ? "TModel" : $"TModel{number}")
            .First(name => PartialTypes.SelfAndOwners(type).All(owner => owner.TypeParameters.All(parameter => parameter.Name != name)));
        foreach (var name in (string[])[root, Generated, .. ObjectMembers]) members.Add(name);
        var fields = TorchTypes.OwnClasses(type)
            .SelectMany(current => current.GetMembers().OfType<IFieldSymbol>())
            .Where(field => !field.IsStatic && !field.IsConst)
            .Select(ReadField)
            .OfType<ModuleFieldSpec>()
            .ToEquatableArray();
        return new ModuleSpec(
            PartialTypes.Hint(type),
            PartialTypes.Space(type),
            PartialTypes.SelfAndOwners(type).Skip(1).Reverse().Select(PartialTypes.Declaration).ToEquatableArray(),
            type.Name,
            PartialTypes.Self(type),
            HidesComponents(),
            root,
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
            else if (ModuleCollections.RemedyFor(field) is var (fact, remedy)) Report(field, fact, remedy);
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

        var child = IsMarked(module) && OffersComponents((INamedTypeSymbol)module) ? (INamedTypeSymbol)module : null;
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
        : !members.Add(member) || (child is null && !members.Add($"{member}Sites"))
            ? ($"would be named '{member}', as another is", "name it with [Component(Name = \"…\")]")
        : child is not null && (described.Axes.Length > 0 || described.Heads != 0)
            ? ($"is described, but '{child.Name}' offers its own components", $"describe them in '{child.Name}'")
        : described.Problem;

    private void Report(IFieldSymbol field, string fact, string remedy)
    {
        var declared = field.AssociatedSymbol ?? field;
        problems.Add(Diagnostic.Create(DiagnosticDescriptors.UnusableComponent, PlaceOf(declared), declared.Name, fact, remedy));
    }

    // A member of a base class that is named as the generated classes are, by hand or by the generator, is hidden on purpose.
    private bool HidesComponents()
    {
        for (var current = type.BaseType; current is not null; current = current.BaseType)
        {
            if ((IsMarked(current) && OffersComponents(current))
                || current.GetMembers(Generated).Any(member => member.DeclaredAccessibility != Microsoft.CodeAnalysis.Accessibility.Private))
            {
                return true;
            }
        }

        return false;
    }

    // A class of another assembly has them already, or never will.
    private static bool OffersComponents(INamedTypeSymbol module) =>
        module.DeclaringSyntaxReferences.IsEmpty ? !module.GetTypeMembers(Generated, 1).IsEmpty : ObstacleOf(module.OriginalDefinition) is null;

    private static bool IsMarked(ITypeSymbol candidate) =>
        candidate is INamedTypeSymbol && candidate.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == Attribute);

    private static Visibility Accessibility(INamedTypeSymbol child)
    {
        var worst = child.TypeArguments.OfType<INamedTypeSymbol>().Select(Accessibility).DefaultIfEmpty(Visibility.Public).Max();
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
