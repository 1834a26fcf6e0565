using System;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Pyvene.Typed.Generators.Diagnostics;
using Pyvene.Typed.Generators.Emission;
using Pyvene.Typed.Generators.Parsing;
using Pyvene.Typed.Generators.Specs;

namespace Pyvene.Typed.Generators;

/// <summary>Turns every <c>*.pyvene.json</c> of a project into a class that stands for the architecture in types and offers its components.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ModelGenerator : IIncrementalGenerator
{
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // A descriptor goes with the ones that it is like, and with no other: it is read again when one of these is edited.
        var texts = context.AdditionalTextsProvider.Where(IsDescriptor).Select(Read).WithTrackingName(ModelGeneratorSteps.Read);
        var parsed = texts.Combine(texts.Collect())
            .Select(static (pair, _) => DescriptorChain.Of(pair.Left, pair.Right))
            .WithTrackingName(ModelGeneratorSteps.Chain)
            .Select(Parse)
            .WithTrackingName(ModelGeneratorSteps.Parse);

        // Names and keys belong to the first descriptor that asks for them; any other is told so.
        var options = context.AnalyzerConfigOptionsProvider.Select(static (provider, _) => GeneratorOptions.From(provider));
        var usesLibrary = context.MetadataReferencesProvider.Where(LibraryReference.Is).Collect().Select(static (references, _) => !references.IsEmpty);
        var claims = parsed.Collect()
            .Combine(options.Combine(usesLibrary))
            .Select(static (input, _) => DescriptorClaims.Of(input.Left, input.Right.Left, input.Right.Right))
            .WithTrackingName(ModelGeneratorSteps.Claims);

        // The one step that looks at the program: it asks for the names of the generated classes and nothing else, and its answer is the same while code is
        // typed.
        var settled = claims
            .Combine(context.CompilationProvider)
            .Select(static (pair, cancellation) => TakenTypes.Without(pair.Left, pair.Right, cancellation))
            .WithTrackingName(ModelGeneratorSteps.Settled);

        // Without places in the file: a changed layout emits nothing again.
        var models = settled.SelectMany(static (all, _) => all.Models).WithTrackingName(ModelGeneratorSteps.Model);
        context.RegisterSourceOutput(models, Emit);

        var errors = settled.Select(static (all, _) => all.Errors).WithTrackingName(ModelGeneratorSteps.Errors);
        context.RegisterSourceOutput(errors, Report);
    }

    private static void Report(SourceProductionContext output, EquatableArray<ParseDiagnostic> errors)
    {
        foreach (var error in errors) output.ReportDiagnostic(error.ToDiagnostic());
    }

    private static bool IsDescriptor(AdditionalText file) => file.Path.EndsWith(".pyvene.json", StringComparison.OrdinalIgnoreCase);

    // What fails here fails for one file: an exception out of a generator would cost every class of the project.
    private static DescriptorText Read(AdditionalText file, CancellationToken cancellation)
    {
        try
        {
            return new DescriptorText(file.Path, file.GetText(cancellation)?.ToString() ?? "");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return DescriptorText.Unreadable(file.Path, exception);
        }
    }

    private static ParsedDescriptor Parse(DescriptorChain chain, CancellationToken cancellation)
    {
        try
        {
            return DescriptorParser.Parse(chain);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return ParsedDescriptor.Failed(chain.File.Path, exception);
        }
    }

    private static void Emit(SourceProductionContext output, ClaimedModel claimed)
    {
        try
        {
            foreach (var (part, source) in ModelEmitter.Emit(
                claimed.Model, claimed.Namespace)) output.AddSource($"{claimed.Hint}.{part}.g.cs", SourceText.From(source, Utf8));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            output.ReportDiagnostic(ParseDiagnostic.Failure(claimed.Path, exception).ToDiagnostic());
        }
    }
}
