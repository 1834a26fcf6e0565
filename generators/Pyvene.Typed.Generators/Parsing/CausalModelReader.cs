using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Pyvene.Typed.Generators.Diagnostics;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators.Parsing;

/// <summary>Reads the variables of a type with <c>[CausalModel]</c>, and from their bodies what each is computed from.</summary>
internal sealed class CausalModelReader
{
    /// <summary>The attribute that marks a type.</summary>
    public const string Attribute = "Pyvene.Typed.Causal.CausalModelAttribute";

    /// <summary>The ending of the generated files.</summary>
    public const string FileEnding = ".CausalModel.g.cs";

    private static readonly string[] Generated =
    [
        "Causes", "DrawCounterfactual", "DrawFactual", "Inputs", "Interchange", "LivePaths", "Model", "Run", "SampleInput", "State", "ToSetting", "Variables",
    ];

    private static readonly string[] ObjectMembers = ["Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString"];

    private readonly INamedTypeSymbol type;
    private readonly TypeDeclarationSyntax part;
    private readonly SemanticModel model;
    private readonly CancellationToken cancellation;
    private readonly ImmutableArray<Diagnostic>.Builder problems = ImmutableArray.CreateBuilder<Diagnostic>();
    private bool isIncomplete;

    private CausalModelReader(INamedTypeSymbol type, TypeDeclarationSyntax part, SemanticModel model, CancellationToken cancellation) =>
        (this.type, this.part, this.model, this.cancellation) = (type, part, model, cancellation);

    /// <summary>Reads a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="part">The part with the attribute.</param>
    /// <param name="model">The meaning of its file.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static CausalModelReading Read(INamedTypeSymbol type, TypeDeclarationSyntax part, SemanticModel model, CancellationToken cancellation)
    {
        var reader = new CausalModelReader(type, part, model, cancellation);
        try
        {
            var read = reader.Read();
            var isUsable = reader.problems.All(problem => problem.Severity != DiagnosticSeverity.Error);
            return new CausalModelReading(isUsable ? read : null, reader.problems.ToImmutable());
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A fault here must not cost the other models what is generated for them.
            return new CausalModelReading(null, [Diagnostic.Create(
                DiagnosticDescriptors.UnusableCausalModel,
                type.Locations.FirstOrDefault(),
                type.Name,
                $"the generator failed on it ({exception.GetType().Name}, {exception.Message})",
                "please report that, with the type")]);
        }
    }

    private CausalModelSpec? Read()
    {
        if (ObstacleOf() is var (fact, remedy, isNotPartial))
        {
            var properties = isNotPartial ? ImmutableDictionary<string, string?>.Empty.Add(DiagnosticProperties.NotPartial, "") : null;
            problems.Add(Diagnostic.Create(DiagnosticDescriptors.UnusableCausalModel, PlaceOf(type), properties, type.Name, fact, remedy));
            return null;
        }

        IPropertySymbol[] candidates = [.. type.GetMembers().OfType<IPropertySymbol>().Where(IsCandidate)];
        var parameters = type.IsRecord ? Primary()?.Parameters ?? [] : [];
        var read = candidates.Select(property => ReadVariable(property, parameters)).OfType<Found>().ToArray();
        foreach (var parameter in parameters.Where(parameter => !read.Any(found => found.IsInput && found.Symbol.Name == parameter.Name)))
        {
            if (read.FirstOrDefault(found => found.Symbol.Name == parameter.Name)?.Symbol is not { } other) continue;
            Report(DiagnosticDescriptors.UnusableVariable, other, other.Name, "it has the name of a parameter, and is computed", "name one of them otherwise");
        }

        if (problems.Count > 0 || isIncomplete && read.Length == 0) return null;
        if (!read.Any(found => found.IsInput) || read.All(found => found.IsInput))
        {
            Report(
                DiagnosticDescriptors.UnusableCausalModel,
                type,
                type.Name,
                read.All(found => found.IsInput) ? "it computes no variable" : "it has no input",
                read.All(found => found.IsInput) ? "write a property with a body, such as 'public bool Same => W == X;'"
                    : $"write a parameter, as in 'record {type.Name}(bool W)', or a property with 'init'");
            return null;
        }

        return Linked(read, parameters);
    }

    private CausalModelSpec? Linked(Found[] read, ImmutableArray<IParameterSymbol> parameters)
    {
        var order = read.Select(found => found.Symbol.Name).ToList();
        foreach (var found in read)
        {
            if (found.Parents.FirstOrDefault(name => !order.Contains(name)) is not { } other) continue;
            Report(DiagnosticDescriptors.UnseenCause, found.Symbol, found.Symbol.Name, $"reads '{other}', which is no variable", "read a variable instead");
        }

        if (problems.Count > 0) return null;
        foreach (var found in read)
        {
            if (Circle(found, read) is not { } circle) continue;
            Report(DiagnosticDescriptors.CircularVariables, found.Symbol, found.Symbol.Name, string.Join(" reads ", circle));
            return null;
        }

        var used = new HashSet<string>(read.SelectMany(found => found.Parents), StringComparer.Ordinal);
        foreach (var found in read.Where(_ => !isIncomplete))
        {
            if (!found.IsInput && found.Parents.Count == 0) Report(DiagnosticDescriptors.Uncaused, found.Symbol, found.Symbol.Name);
            if (found.IsInput && !used.Contains(found.Symbol.Name)) Report(DiagnosticDescriptors.UnreadInput, found.Symbol, found.Symbol.Name);
        }

        return new CausalModelSpec(
            PartialTypes.Hint(type),
            Usings(part.SyntaxTree.GetCompilationUnitRoot(cancellation).Usings),
            part.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Reverse()
                .Select(space => new CausalNamespaceSpec(space.Name.ToString(), Usings(space.Usings))).ToEquatableArray(),
            PartialTypes.SelfAndOwners(type).Skip(1).Reverse().Select(PartialTypes.Declaration).ToEquatableArray(),
            PartialTypes.Declaration(type),
            PartialTypes.Self(type),
            parameters.Select(parameter => parameter.Name).ToEquatableArray(),
            read.Select(found => new CausalVariableSpec(
                found.Symbol.Name,
                found.IsInput ? CausalRole.Input : used.Contains(found.Symbol.Name) ? CausalRole.Intermediate : CausalRole.Output,
                found.Symbol.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
                found.Kind,
                found.Domain,
                order.Where(found.Parents.Contains).ToEquatableArray(),
                found.Body)).ToEquatableArray());
    }

    private (string Fact, string Remedy, bool IsNotPartial)? ObstacleOf() =>
        PartialTypes.SelfAndOwners(type).Any(owner => owner.IsGenericType) ? ("it has type parameters, or lies in a type that has", "write it without", false)
        : PartialTypes.ObstacleOf(type) is { } obstacle ? obstacle
        : type.IsStatic || type.IsAbstract ? ($"it is {(type.IsStatic ? "static" : "abstract")}, and an object of it is an input", "make it sealed", false)
        : type.BaseType is { SpecialType: not SpecialType.System_Object } above ? ($"it derives from '{above.Name}'", "write all its variables in it", false)
        : Generated.Contains(type.Name) ? ($"it is named '{type.Name}', as what is added to it", "name it otherwise", false)
        : Generated.FirstOrDefault(name => type.GetMembers(name).Any(member => member is not IPropertySymbol { IsStatic: false } && IsOwn(member))) is { } taken
            ? ($"it has a member '{taken}', as what is added to it", "name that otherwise", false)
        : !type.IsRecord && !type.InstanceConstructors.Any(constructor => constructor.Parameters.IsEmpty)
            ? ("it can be made from parameters only", "make it a record, or its inputs properties with 'init'", false)
        : type.IsRecord && Primary() is null && !type.InstanceConstructors.Any(constructor => constructor.Parameters.IsEmpty)
            ? ("its constructor takes what need be no input", "make the inputs parameters of the record", false)
        : null;

    // What it is generated from: neither what was generated, nor what every record has.
    private bool IsCandidate(IPropertySymbol property) =>
        !property.IsStatic && !property.IsImplicitlyDeclared && property.Name != "EqualityContract" && property.ExplicitInterfaceImplementations.IsEmpty
        && IsOwn(property);

    private Found? ReadVariable(IPropertySymbol property, ImmutableArray<IParameterSymbol> parameters)
    {
        var syntax = property.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation)).FirstOrDefault();
        var declared = syntax as PropertyDeclarationSyntax;
        var body = declared is null ? null : BodyOf(declared);
        if (property.Type.TypeKind == TypeKind.Error)
        {
            isIncomplete = true; // the compiler says so
            return null;
        }

        var kind = CausalTypes.KindOf(property.Type);
        var shown = property.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
        (string Fact, string Remedy)? wrong =
            syntax is null || syntax.SyntaxTree != part.SyntaxTree || !part.Span.Contains(syntax.Span)
                ? ("it stands in another part of the type", "write it where [CausalModel] stands")
            : property.IsIndexer ? ("it is an indexer", "give each variable a name")
            : property.DeclaredAccessibility != Accessibility.Public ? ("it is not public", "make it public, or static")
            : property.ReturnsByRef || property.ReturnsByRefReadonly ? ("it returns a reference", "return the value")
            : Generated.Contains(property.Name) || ObjectMembers.Contains(property.Name) || property.Name == type.Name
                ? ($"'{property.Name}' is the name of what is added to the model", "name it otherwise")
            : kind is null ? ($"its type is '{shown}'", TypeRemedy(property.Type))
            : declared is not null && declared.Modifiers.Any(SyntaxKind.PartialKeyword) ? ("it is partial", "write it in one place")
            : body is not null && property.SetMethod is not null ? ("it is computed and can be set", "drop the setter, or the body")
            : body is null && property.SetMethod is null && declared is not null
                ? ("nobody can set it, and it has no body", "add 'init', or compute it in a body")
            : null;
        if (wrong is var (fact, remedy))
        {
            Report(DiagnosticDescriptors.UnusableVariable, property, property.Name, fact, remedy);
            return null;
        }

        var attributes = property.GetAttributes().Concat(parameters.FirstOrDefault(parameter => parameter.Name == property.Name)?.GetAttributes() ?? []);
        var domain = CausalDomain.Of(type, property.Type, kind!.Value, attributes);
        if (domain.Problem is var (why, how)) Report(DiagnosticDescriptors.UnusableDomain, property, property.Name, why, how);
        if (body is null) return new Found(property, true, kind.Value, domain.Code, [], "");

        var seen = CausalBody.Of(type, body, model, cancellation);
        if (seen.IsInvalid) isIncomplete = true;
        if (seen.Problem is var (read, instead)) Report(DiagnosticDescriptors.UnseenCause, property, property.Name, read, instead);
        var code = seen.IsInvalid ? "" : body is BlockSyntax ? $"\n{body}" : $" => {body};";
        return new Found(property, false, kind.Value, domain.Code, seen.Reads, code);
    }

    private static string TypeRemedy(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol => "make it a CausalValue: arrays are equal only when they are the same object",
        { SpecialType: SpecialType.System_String } or { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } =>
            "leave '?' out: every variable has a value",
        _ => "make it a bool, an enum, a whole number up to long, a float, a double, a string or a CausalValue",
    };

    private static SyntaxNode? BodyOf(PropertyDeclarationSyntax property)
    {
        if (property.ExpressionBody is { } arrow) return arrow.Expression;
        var getter = property.AccessorList?.Accessors.FirstOrDefault(accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration));
        return (SyntaxNode?)getter?.ExpressionBody?.Expression ?? getter?.Body;
    }

    /// <summary>Returns the way from a variable back to itself along what is read, or <see langword="null"/>.</summary>
    private static IReadOnlyList<string>? Circle(Found start, Found[] all)
    {
        var ways = new Queue<string[]>([[start.Symbol.Name]]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (ways.Count > 0)
        {
            var way = ways.Dequeue();
            foreach (var parent in all.First(found => found.Symbol.Name == way[way.Length - 1]).Parents)
            {
                if (parent == start.Symbol.Name) return [.. way, parent];
                if (seen.Add(parent)) ways.Enqueue([.. way, parent]);
            }
        }

        return null;
    }

    private IMethodSymbol? Primary() => type.InstanceConstructors.FirstOrDefault(constructor =>
        constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellation) is TypeDeclarationSyntax));

    private static EquatableArray<string> Usings(SyntaxList<UsingDirectiveSyntax> usings) =>
        usings.Where(one => one.GlobalKeyword.IsKind(SyntaxKind.None)).Select(one => one.ToString()).ToEquatableArray();

    private static bool IsOwn(ISymbol member) =>
        member.DeclaringSyntaxReferences.Any(reference => !reference.SyntaxTree.FilePath.EndsWith(FileEnding, StringComparison.Ordinal));

    private void Report(DiagnosticDescriptor rule, ISymbol symbol, params object[] arguments) =>
        problems.Add(Diagnostic.Create(rule, PlaceOf(symbol), arguments));

    private static Location? PlaceOf(ISymbol symbol) => symbol.Locations.FirstOrDefault();

    private sealed record Found(
        IPropertySymbol Symbol, bool IsInput, CausalKind Kind, string? Domain, IReadOnlyCollection<string> Parents, string Body);
}
