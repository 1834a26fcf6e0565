using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Pyvene.Typed.Generators.Analysis;

/// <summary>Is the base of the rules that follow values through the body of a member, its lambdas and local functions included.</summary>
public abstract class BodyAnalyzer : UsageAnalyzer
{
    private protected BodyAnalyzer(params ImmutableArray<DiagnosticDescriptor> rules)
        : base(rules)
    {
    }

    /// <summary>Looks at one body.</summary>
    /// <param name="context">Takes what is found.</param>
    /// <param name="body">The body.</param>
    private protected abstract void Check(OperationBlockAnalysisContext context, Body body);

    private protected sealed override void Register(CompilationStartAnalysisContext start, LibraryTypes types) =>
        start.RegisterOperationBlockAction(block => Check(block, new Body([.. block.OperationBlocks.SelectMany(root => root.DescendantsAndSelf())], types)));
}
