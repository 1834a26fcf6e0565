using System.Text;
using System.Text.RegularExpressions;
using Pyvene.Typed.Configuration;

namespace Pyvene.Typed.Tests.Configuration;

/// <summary>Everything that pyvene's configuration can say has a typed form, and the page that lists them is made from here.</summary>
public sealed partial class TypedFormTests
{
    private const string Start = "<!-- made by TypedFormTests -->\n";
    private const string End = "<!-- end -->";

    // The fields of pyvene's IntervenableConfig.
    private static readonly string[] OfTheConfig =
    [
        "representations", "intervention_types", "mode", "sorted_keys", "model_type", "intervention_dimensions", "intervention_constant_sources",
    ];

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, TypedForms.All.Count)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void TheTypedFormSaysIt(int row)
    {
        var form = TypedForms.All[row];
        Assert.Contains(WithoutSpace(form.Json), WithoutSpace(form.Config.ToJson(withoutTensors: true)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void WhatIsSavedLoadsBackIntoAnEqualDescription(int row)
    {
        var config = TypedForms.All[row].Config;
        var json = config.ToJson(withoutTensors: true);
        var loaded = InterventionConfig.FromJson(json);
        Assert.Equal(config, loaded);
        Assert.Equal(json, loaded.ToJson(withoutTensors: true));
    }

    [Fact]
    public void NoTwoFormsAreEqualUnlessTheySayTheSame()
    {
        var forms = TypedForms.All;
        Assert.All(forms, form => Assert.All(
            forms, other => Assert.Equal(form.Config.ToJson(withoutTensors: true) == other.Config.ToJson(withoutTensors: true), form.Config == other.Config)));
    }

    [Fact]
    public void EveryFieldOfPyveneHasARow()
    {
        var fields = TypedForms.All.Select(form => Field().Match(form.Pyvene).Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(PyveneRepresentationReader.Names.Concat(OfTheConfig).Except(fields));
    }

    [Fact]
    public void ThePageSaysWhatIsTested()
    {
        var page = Path.Combine(Repository.Root, "docs", "typed-forms.md");
        var text = File.ReadAllText(page);
        var made = new StringBuilder("| pyvene | here | in the configuration |\n| --- | --- | --- |\n");
        foreach (var form in TypedForms.All)
        {
            made.Append($"| {form.Pyvene} | `{Space().Replace(form.Code, " ")}` | `{form.Json}` |\n");
        }

        var (start, end) = (text.IndexOf(Start, StringComparison.Ordinal) + Start.Length, text.IndexOf(End, StringComparison.Ordinal));
        var received = Path.ChangeExtension(page, ".received.md");
        File.Delete(received);
        if (text[start..end] != made.ToString())
        {
            File.WriteAllText(received, text[..start] + made + text[end..]);
        }

        Assert.False(File.Exists(received), "The table in docs/typed-forms.md is not what is tested; docs/typed-forms.received.md has it.");
    }

    private static string WithoutSpace(string json) => Space().Replace(json, "");

    [GeneratedRegex("^`([a-z_]+)`")]
    private static partial Regex Field();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
