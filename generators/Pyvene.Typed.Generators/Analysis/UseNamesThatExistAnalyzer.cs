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
    private protected override void Register(CompilationStartAnalysisContext start, LibraryTypes types) =>
        start.RegisterSyntaxNodeAction(node => Check(node, types), SyntaxKind.SimpleMemberAccessExpression, SyntaxKind.MemberBindingExpression);

    private static void Check(SyntaxNodeAnalysisContext context, LibraryTypes types)
    {
        var (receiver, name) = context.Node switch
        {
            MemberAccessExpressionSyntax access => (access.Expression, access.Name),
            MemberBindingExpressionSyntax binding => (binding.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression, binding.Name),
            _ => default,
        };
        if (receiver is null || name is null) return;

        // A member that exists but does not fit (wrong arguments, not accessible) is a candidate: the compiler's own message is right then.
        var found = context.SemanticModel.GetSymbolInfo(name, context.CancellationToken);
        if (found.Symbol is not null || found.CandidateReason != CandidateReason.None || context.SemanticModel.GetMemberGroup(name, context.CancellationToken).Length > 0) return;

        var asType = context.SemanticModel.GetSymbolInfo(receiver, context.CancellationToken).Symbol as INamedTypeSymbol;
        if ((asType ?? context.SemanticModel.GetTypeInfo(receiver, context.CancellationToken).Type) is not INamedTypeSymbol { TypeKind: not TypeKind.Error } type) return;
        if (!LibraryTypes.Owns(type) && !types.IsArchitecture(type)) return;

        var written = name.Identifier.ValueText;
        if (Names(context.SemanticModel, name.SpanStart, type, isStatic: asType is not null) is var names
            && !names.Contains(written) && NearestName.Of(written, names, leastTolerance: 1) is { } nearest)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                DiagnosticDescriptors.MisspeltMember,
                name.Identifier.GetLocation(),
                ImmutableDictionary<string, string?>.Empty.Add(DiagnosticProperties.Name, nearest),
                type.ToDisplayString(SymbolNames.WithOwners),
                written,
                nearest));
        }
    }

    private static IReadOnlyCollection<string> Names(SemanticModel model, int position, INamedTypeSymbol type, bool isStatic) =>
        [.. model.LookupSymbols(position, type, includeReducedExtensionMethods: !isStatic)
            .Where(symbol => symbol.CanBeReferencedByName && (symbol is INamedTypeSymbol || symbol.IsStatic) == isStatic && symbol.ContainingType?.SpecialType != SpecialType.System_Object)
            .Select(symbol => symbol.Name)
            .Distinct()
            .OrderBy(name => name, System.StringComparer.Ordinal)];
}
