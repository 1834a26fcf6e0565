using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generators.Diagnostics;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Names the member that was probably meant where the compiler finds none on a type of the library or a generated one.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UseNamesThatExistAnalyzer() : UsageAnalyzer(DiagnosticDescriptors.MisspeltMember)
{
    private protected override void Register(CompilationStartAnalysisContext start, LibraryTypes types)
    {
        start.RegisterSyntaxNodeAction(node => CheckMember(node, types), SyntaxKind.SimpleMemberAccessExpression, SyntaxKind.MemberBindingExpression);
        start.RegisterSyntaxNodeAction(node => CheckArchitecture(node, types), SyntaxKind.SimpleMemberAccessExpression);
    }

    private static void CheckMember(SyntaxNodeAnalysisContext context, LibraryTypes types)
    {
        var (receiver, name) = context.Node switch
        {
            MemberAccessExpressionSyntax access => (access.Expression, access.Name),
            MemberBindingExpressionSyntax binding => (binding.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression, binding.Name),
            _ => default,
        };
        if (receiver is null || name is null) return;

        if (Exists(name, context)) return;

        var asType = context.SemanticModel.GetSymbolInfo(receiver, context.CancellationToken).Symbol as INamedTypeSymbol;
        if ((asType
            ?? context.SemanticModel.GetTypeInfo(receiver, context.CancellationToken).Type) is not INamedTypeSymbol { TypeKind: not TypeKind.Error } type)
        {
            return;
        }

        if (!LibraryTypes.Owns(type) && !types.IsArchitecture(type)) return;
        if (context.Node is MemberAccessExpressionSyntax
            && (GuessRemedies.For(name.Identifier.ValueText, type, asType is not null, types)
                ?? (asType is null ? null : PlaceRemedies.ForStatic(name.Identifier.ValueText, type, types))) is not null)
        {
            return; // ChooseWhatFitsAnalyzer says it
        }

        Suggest(context, name, type.ToDisplayString(SymbolNames.WithOwners), Names(context.SemanticModel, name.SpanStart, type, isStatic: asType is not null));
    }

    // GPT2.Layer(3): the class of an architecture, which stands first.
    private static void CheckArchitecture(SyntaxNodeAnalysisContext context, LibraryTypes types)
    {
        if (((MemberAccessExpressionSyntax)context.Node).Expression is not IdentifierNameSyntax name || Exists(name, context)) return;
        var architectures = context.SemanticModel.LookupNamespacesAndTypes(name.SpanStart).OfType<INamedTypeSymbol>()
            .Where(type => type.TypeKind is TypeKind.Class or TypeKind.Struct && types.IsArchitecture(type));
        Suggest(context, name, "Pyvene.Typed", [.. architectures.Select(type => type.Name).OrderBy(other => other, System.StringComparer.Ordinal)]);
    }

    // A member that exists but does not fit (wrong arguments, not accessible) is a candidate: the compiler's own message is right then.
    private static bool Exists(SimpleNameSyntax name, SyntaxNodeAnalysisContext context) =>
        context.SemanticModel.GetSymbolInfo(name, context.CancellationToken) is not { Symbol: null, CandidateReason: CandidateReason.None }
        || context.SemanticModel.GetMemberGroup(name, context.CancellationToken).Length > 0;

    private static void Suggest(SyntaxNodeAnalysisContext context, SimpleNameSyntax name, string owner, IReadOnlyCollection<string> names)
    {
        var written = name.Identifier.ValueText;
        if (names.Contains(written) || (NamesElsewhere.Meaning(written, names) ?? NearestName.Of(written, names, leastTolerance: 1)) is not { } meant) return;
        context.ReportDiagnostic(Diagnostic.Create(
            DiagnosticDescriptors.MisspeltMember,
            name.Identifier.GetLocation(),
            ImmutableDictionary<string, string?>.Empty.Add(DiagnosticProperties.Name, meant),
            owner,
            written,
            meant));
    }

    private static IReadOnlyCollection<string> Names(SemanticModel model, int position, INamedTypeSymbol type, bool isStatic) =>
        [.. model.LookupSymbols(position, type, includeReducedExtensionMethods: !isStatic)
            .Where(symbol => symbol.CanBeReferencedByName
                && (symbol is INamedTypeSymbol || symbol.IsStatic) == isStatic
                && symbol.ContainingType?.SpecialType != SpecialType.System_Object)
            .Select(symbol => symbol.Name)
            .Distinct()
            .OrderBy(name => name, System.StringComparer.Ordinal)];
}
