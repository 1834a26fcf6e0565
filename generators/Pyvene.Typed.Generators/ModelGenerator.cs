using System;
using System.Collections.Immutable;
using System.Linq;
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
        // No step looks at the program, so typing code runs nothing of this.
        var parsed = context.AdditionalTextsProvider
            .Where(IsDescriptor)
            .Select(Parse)
            .WithTrackingName(ModelGeneratorSteps.Parse);

        // The first descriptor that names a type makes it; any other is told so.
        var owners = parsed
            .Where(static descriptor => descriptor.Model is not null)
            .Select(static (descriptor, _) => new TypeOwner(descriptor.Model!.Type, descriptor.Path))
            .Collect()
            .Select(FirstOwners)
            .WithTrackingName(ModelGeneratorSteps.Owners);

        // Without places in the file: a changed layout emits nothing again.
        var models = parsed
            .Combine(owners)
            .Where(static pair => pair.Left.Model is { } model && pair.Right.Contains(new TypeOwner(model.Type, pair.Left.Path)))
            .Select(static (pair, _) => pair.Left.Model!)
            .WithTrackingName(ModelGeneratorSteps.Model);

        var options = context.AnalyzerConfigOptionsProvider.Select(static (provider, _) => GeneratorOptions.From(provider));
        context.RegisterSourceOutput(models.Combine(options).WithTrackingName(ModelGeneratorSteps.Source), Emit);

        var errors = parsed.Combine(owners).Select(Errors).WithTrackingName(ModelGeneratorSteps.Errors);
        context.RegisterSourceOutput(errors, Report);
    }

    private static bool IsDescriptor(AdditionalText file) => file.Path.EndsWith(".pyvene.json", StringComparison.OrdinalIgnoreCase);

    private static ParsedDescriptor Parse(AdditionalText file, CancellationToken cancellation) =>
        DescriptorParser.Parse(file.Path, file.GetText(cancellation) ?? SourceText.From(""));

    private static EquatableArray<TypeOwner> FirstOwners(ImmutableArray<TypeOwner> owners, CancellationToken cancellation) => owners
        .GroupBy(owner => owner.Type, StringComparer.Ordinal)
        .Select(group => group.OrderBy(owner => owner.Path, StringComparer.Ordinal).First())
        .OrderBy(owner => owner.Type, StringComparer.Ordinal)
        .ToEquatableArray();

    private static EquatableArray<ParseDiagnostic> Errors((ParsedDescriptor Descriptor, EquatableArray<TypeOwner> Owners) pair, CancellationToken cancellation) =>
        pair.Descriptor.Model is { } model && pair.Owners.FirstOrDefault(owner => owner.Type == model.Type && owner.Path != pair.Descriptor.Path) is { } first
            ? new[] { new ParseDiagnostic(DiagnosticIds.DuplicateType, pair.Descriptor.TypePlace, new[] { model.Type, first.Path }.ToEquatableArray()) }.ToEquatableArray()
            : pair.Descriptor.Diagnostics;

    private static void Emit(SourceProductionContext output, (ModelSpec Model, GeneratorOptions Options) input)
    {
        foreach (var (part, source) in ModelEmitter.Emit(input.Model, input.Options)) output.AddSource($"{input.Model.Type}.{part}.g.cs", SourceText.From(source, Utf8));
    }

    private static void Report(SourceProductionContext output, EquatableArray<ParseDiagnostic> errors)
    {
        foreach (var error in errors) output.ReportDiagnostic(error.ToDiagnostic());
    }
}
