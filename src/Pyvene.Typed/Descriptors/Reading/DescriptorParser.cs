using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Reads one descriptor. Never throws on bad input: it reports every error of the file, and gives no model when there is one.</summary>
internal sealed partial class DescriptorParser
{
    private static readonly string[] Families = ["language_model", "encoder_decoder", "module"];

    private readonly DescriptorSource source;
    private readonly List<ClassSpec> classes = [];
    private readonly List<SizeSpec> sizes = [];
    private readonly List<LayerRowSpec> rows = [];
    private readonly List<ComponentSpec> components = [];
    private readonly List<TextRange> pathSpans = [];
    private readonly List<ResidualSpec> residuals = [];
    private readonly List<CheckpointSpec> checkpoints = [];
    private readonly MemberNames names;
    private string architecture = "the descriptor";

    private DescriptorParser(DescriptorSource source)
    {
        this.source = source;
        names = new MemberNames(source);
    }

    /// <summary>Reads a descriptor.</summary>
    /// <param name="chain">The descriptor, with what it is like.</param>
    public static ParsedDescriptor Parse(DescriptorChain chain)
    {
        var path = chain.File.Path;
        if (chain.File.Failure is { } failure) return ParsedDescriptor.Failed(path, failure);
        var source = chain.File.ToSource();
        var (model, type, key) = Whole(chain, source) is { } whole ? new DescriptorParser(source).ReadModel(whole) : default;
        return new ParsedDescriptor(path, source.Diagnostics.Count == 0 ? model : null, source.PlaceOf(type), source.PlaceOf(key), source.Diagnostics);
    }

    /// <summary>Reads a descriptor with the places of its paths; <see langword="null"/> when it has errors.</summary>
    /// <param name="chain">The descriptor, with what it is like.</param>
    public static PlacedDescriptor? ParseWithPlaces(DescriptorChain chain)
    {
        var source = chain.File.ToSource();
        if (Whole(chain, source) is not { } whole) return null;
        var parser = new DescriptorParser(source);
        return parser.ReadModel(whole).Model is { } model && source.Diagnostics.Count == 0 ? new PlacedDescriptor(model, [.. parser.pathSpans]) : null;
    }

    // Null when nothing can be read: then there is an error here or in what the descriptor is like, where it is told.
    private static JsonValue? Whole(DescriptorChain chain, DescriptorSource source) =>
        WithBase(chain, source) is { } whole ? new DescriptorExpansion(source).WriteOut(whole) : null;

    private static JsonValue? WithBase(DescriptorChain chain, DescriptorSource source)
    {
        if (chain.File.Root is not { } root || ObjectReader.Expect(source, root, JsonKind.Object, "the descriptor") is null) return null;
        if (chain.Problem is { } problem)
        {
            if (problem.Id.Length > 0) source.Report(problem.Id, chain.File.Like!.Span, problem.Key, problem.Detail);
            return null;
        }

        if (chain.Base is null) return DescriptorDifferences.Over(source, DescriptorForm.Plain(root), null);
        return Parse(chain.Base).Model is not null && WithBase(chain.Base, chain.Base.File.ToSource()) is { } like
            ? DescriptorDifferences.Over(source, DescriptorForm.Plain(root), like)
            : null;
    }

    private (ModelSpec? Model, TextRange Type, TextRange Key) ReadModel(JsonValue value)
    {
        var root = new ObjectReader(
            source, value, "the descriptor",
            "$schema", "architecture", "like", "type", "namespace", "summary", "family", "classes", "sizes", "layers", "without", "components", "pyvene",
            "residual", "checkpoints");
        root.Find("$schema", JsonKind.String, isRequired: false);
        root.Find("like", JsonKind.String, isRequired: false);
        RequireTexts(root, "without");
        RequireTexts(root, "pyvene");
        var key = root.Find("architecture", JsonKind.String);
        if (key is not null) RequireName(
            key,
            key.Text.Length is > 0 and <= 128 && key.Text.Trim() == key.Text && !key.Text.Any(char.IsControl),
            "an architecture",
            "write a short word, such as 'gpt2'");
        architecture = key?.Text ?? architecture;
        var type = root.Find("type", JsonKind.String);
        if (type is not null) RequireName(type, CSharpNames.IsTypeName(type.Text), "a generated class", "use a C# name with a capital, such as 'Gpt2'");
        var space = root.Find("namespace", JsonKind.String, isRequired: false);
        if (space is not null) RequireName(space, CSharpNames.IsNamespace(space.Text), "a namespace", "use C# names with dots, such as 'My.Models'");
        var summary = root.Find("summary", JsonKind.String);
        var family = ReadFamily(root);

        names.ReserveModel(type);
        ReadClasses(root.Find("classes", JsonKind.Object));
        ReadSizes(root.Find("sizes", JsonKind.Object, isRequired: false));
        ReadRows(root.Find("layers", JsonKind.Array, isRequired: false));
        var declared = root.Find("checkpoints", JsonKind.Object, isRequired: false);
        ReserveCheckpoints(declared);
        ReadComponents(root.Find("components", JsonKind.Array));
        ReadResiduals(root.Find("residual", JsonKind.Object, isRequired: false));
        ReadCheckpoints(declared);
        CheckAmounts(value);
        CheckPlaces();

        var model = new ModelSpec(
            Path.GetFileName(source.Path), architecture, type?.Text
                ?? "", space?.Text, summary?.Text ?? "", family, classes.ToEquatableArray(), sizes.ToEquatableArray(), rows.ToEquatableArray(),
            components.ToEquatableArray(), residuals.ToEquatableArray(), checkpoints.ToEquatableArray());
        return (model, type?.Span ?? default, key?.Span ?? default);
    }

    private void RequireTexts(ObjectReader root, string key)
    {
        foreach (var item in Limited(root.Find(key, JsonKind.Array, isRequired: false)?.Items, 2000, $"names in '{key}'"))
        {
            ObjectReader.Expect(source, item, JsonKind.String, $"a name in '{key}'");
        }
    }

    private ModelFamily ReadFamily(ObjectReader root)
    {
        if (root.Find("family", JsonKind.String, isRequired: false) is not { } family) return ModelFamily.Module;
        if (!Families.Contains(family.Text))
        {
            source.Report(DescriptorRules.WrongValue, family.Span, "'family'", "'language_model', 'encoder_decoder' or 'module'", family.Description);
        }

        return family.Text switch
        {
            "language_model" => ModelFamily.LanguageModel,
            "encoder_decoder" => ModelFamily.EncoderDecoder,
            _ => ModelFamily.Module,
        };
    }

    private void ReadClasses(JsonValue? value)
    {
        if (value is null) return;
        foreach (var member in Limited([.. new ObjectReader(source, value, "'classes'").Members], 200, "classes"))
        {
            if (ObjectReader.Expect(source, member.Value, JsonKind.String, $"the prefix of class '{member.Name}'") is not { } prefix) continue;
            if (prefix.Text.Length > 0 && !(prefix.Text.EndsWith(".", System.StringComparison.Ordinal) && ModulePath.IsReadable(prefix.Text.TrimEnd('.'))))
            {
                source.Report(
                    DescriptorRules.WrongValue,
                    prefix.Span,
                    $"The prefix of class '{member.Name}'",
                    "empty or a module path with a dot behind it, such as 'transformer.'",
                    prefix.Description);
            }

            classes.Add(new ClassSpec(member.Name, prefix.Text));
        }

        if (value.Members.Count == 0) source.Report(DescriptorRules.WrongValue, value.Span, "'classes'", "at least one class with its prefix", "empty");
    }

    private void ReadRows(JsonValue? value)
    {
        foreach (var item in Limited(value?.Items, 100, "rows of layers"))
        {
            if (ObjectReader.Expect(source, item, JsonKind.Object, "a row of layers") is null) continue;
            var row = new ObjectReader(source, item, "a row of layers", "stack", "type", "count", "path", "classes", "inner");
            var stack = row.Find("stack", JsonKind.String, isRequired: false);
            if (stack is not null) RequireName(stack, CSharpNames.IsSnake(stack.Text), "a stack", "use snake case, such as 'encoder'");
            var type = row.Find("type", JsonKind.String);
            if (type is not null) RequireName(type, CSharpNames.IsTypeName(type.Text), "a generated type", "use a C# name with a capital, such as 'Block'");
            var count = row.Find("count", JsonKind.String);
            if (count is not null) RequireSize(count);
            if (row.Find("path", JsonKind.String, isRequired: false) is { } path && !ModulePath.IsReadable(path.Text))
            {
                source.Report(DescriptorRules.BadPath, path.Span, path.Text);
            }

            var only = ReadOnlyClasses(row.Find("classes", JsonKind.Array, isRequired: false));
            var inner = row.Find("inner", JsonKind.Object, isRequired: false);
            if (type is null || count is null) continue;

            names.AddRow(stack?.Text ?? "", (stack ?? type).Span, type);
            rows.Add(new LayerRowSpec(stack?.Text ?? "", type.Text, count.Text, only, inner is null ? null : ReadInner(inner, stack?.Text ?? "")));
        }
    }

    private InnerRowSpec? ReadInner(JsonValue value, string stack)
    {
        var inner = new ObjectReader(source, value, "a row of layers inside of another", "type", "count");
        var type = inner.Find("type", JsonKind.String);
        if (type is not null) RequireName(type, CSharpNames.IsTypeName(type.Text), "a generated type", "use a C# name with a capital, such as 'Block'");
        var count = inner.Find("count", JsonKind.String);
        if (count is not null) RequireSize(count);
        if (type is null || count is null) return null;
        names.AddInnerRow(stack, type);
        return new InnerRowSpec(type.Text, count.Text);
    }

    private void RequireName(JsonValue value, bool isUsable, string what, string remedy)
    {
        if (!isUsable) source.Report(DescriptorRules.BadName, value.Span, value.Text, what, remedy);
    }
}
