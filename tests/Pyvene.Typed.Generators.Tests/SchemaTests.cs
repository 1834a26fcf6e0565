using NJsonSchema;

namespace Pyvene.Typed.Generators.Tests;

/// <summary>The JSON schema, which completes descriptors in an editor, agrees with the generator about their form.</summary>
public sealed class SchemaTests
{
    // What a name means, and whether it exists, is beyond a schema.
    private static readonly string[] BeyondASchema =
    [
        "PVT009", "PVT101", "PVT102", "PVT103", "PVT104", "PVT105", "PVT106", "PVT107", "PVT108", "PVT109", "PVT110", "PVT113", "PVT114", "PVT115", "PVT116",
        "PVT117", "PVT118",
    ];

    public static TheoryData<DiagnosticCase> WrongForms =>
        [.. DiagnosticCases.All.Where(wrong => !BeyondASchema.Contains(wrong.Rule)
            && wrong.Rule is not ("PVT001" or "PVT005")
            && !wrong.After.Contains("«[]»", StringComparison.Ordinal)
            && !wrong.After.Contains("\" toy", StringComparison.Ordinal)
            && !wrong.After.Contains("\"width\"", StringComparison.Ordinal))];

    public static TheoryData<string> ShippedDescriptors =>
        [.. Directory.GetFiles(Path.Combine(Typed.Tests.Repository.Root, "src", "Pyvene.Typed", "Descriptors"), "*.pyvene.json")
            .Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(ShippedDescriptors))]
    public async Task ShippedDescriptorsAreValid(string file) =>
        Assert.Empty(await Validate(await File.ReadAllTextAsync(Path.Combine(Typed.Tests.Repository.Root, "src", "Pyvene.Typed", "Descriptors", file))));

    [Theory]
    [InlineData("stacks")]
    [InlineData("views")]
    [InlineData("images")]
    [InlineData("stages")]
    public async Task EveryFeatureIsValid(string name) => Assert.Empty(await Validate(DescriptorFile.Read(name).Content));

    [Theory]
    [MemberData(nameof(WrongForms))]
    public async Task AWrongFormIsInvalid(DiagnosticCase wrong)
    {
        ArgumentNullException.ThrowIfNull(wrong);
        var content = DiagnosticCases.Good.Replace(
            wrong.Before, wrong.After.Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.NotEmpty(await Validate(content));
    }

    private static async Task<IEnumerable<string>> Validate(string descriptor)
    {
        var schema = await JsonSchema.FromFileAsync(Path.Combine(Typed.Tests.Repository.Root, "docs", "descriptor.schema.json"));
        return schema.Validate(descriptor).Select(error => error.ToString());
    }
}
