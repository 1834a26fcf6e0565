using System.Text;
using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Json;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tokenization.Reading;

namespace Pyvene.Typed.Tests.Json;

public sealed class JsonTextTests
{
    public static TheoryData<string, string> BrokenTexts => new()
    {
        { """{"a": "\ud800"}""", "half of a surrogate pair is missing in the string at byte 6" },
        { """{"\udc00": 1}""", "half of a surrogate pair is missing in the string at byte 1" },
        { """{"a": ["\ud83d\u0041"]}""", "half of a surrogate pair is missing" },
        { """{"a": 1, "b": 2, "a": 3}""", "'a'" },
        { """{"x": {"a": 1, "a": 1}}""", "'a'" },
        { "", "is not valid JSON" },
        { "{", "is not valid JSON" },
        { """{"a": +1}""", "is not valid JSON" },
    };

    [Theory]
    [MemberData(nameof(BrokenTexts))]
    public void EveryDoorRefusesABrokenTextInItsOwnWay(string json, string reason)
    {
        Assert.Contains(reason, Assert.Throws<CheckpointException>(() => ModelConfig.Parse(json, "config.json")).Message, StringComparison.Ordinal);
        Assert.Contains(reason, Assert.Throws<InterventionException>(() => InterventionConfig.FromJson(json)).Message, StringComparison.Ordinal);
        Assert.Contains(reason, Assert.Throws<InterventionException>(() => PyveneExperiment.FromJson(json)).Message, StringComparison.Ordinal);
        Assert.Contains(
            reason, Assert.Throws<TokenizerException>(() => JsonText.Parse(json, new TokenizerFile("tokenizer.json"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HalfASurrogatePairOfTheProgramsOwnIsRefused() => Assert.Contains(
        "half of a surrogate pair is missing at character 7",
        Assert.Throws<CheckpointException>(() => ModelConfig.Parse("{\"a\": \"\ud800\"}", "config.json")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void NestingWithoutEndIsRefused() =>
        Assert.Throws<CheckpointException>(() => ModelConfig.Parse(new string('[', 100_000), "config.json"));

    [Fact]
    public void BytesThatAreNoUtf8AreRefused() =>
        Assert.Contains(
            "is not UTF-8",
            Assert.Throws<CheckpointException>(() => JsonText.Parse([(byte)'"', 0xff, (byte)'"'], new CheckpointJson("f", "The index"))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void WholeSurrogatePairsAndAByteOrderMarkAreRead()
    {
        var place = JsonText.Parse([0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes("""{"a": "\ud83d\ude00"}""")], new CheckpointJson("f", "The index"));

        Assert.Equal("😀", place["a"].String());
    }

    [Fact]
    public void PythonsNumbersAreReadOutsideOfStringsAlone()
    {
        var config = ModelConfig.Parse("""{"a": Infinity, "b": -Infinity, "c": NaN, "NaN": "Infinity \" NaN"}""", "config.json");

        Assert.Equal(
            (double.PositiveInfinity, double.NegativeInfinity), (config.GetElement("a")!.Value.GetDouble(), config.GetElement("b")!.Value.GetDouble()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, config.GetElement("c")!.Value.ValueKind);
        Assert.Equal("Infinity \" NaN", config.GetString("NaN"));
    }

    [Fact]
    public void AnErrorNamesThePlaceTheExpectedKindAndTheValue()
    {
        var place = JsonText.Parse("""{"a": [{"b": "x"}]}""", new CheckpointJson("file", "The index"));

        Assert.Equal(
            "file: 'a[0].b' must be a whole number of at most 32 bits, but is \"x\".",
            Assert.Throws<CheckpointException>(() => place["a"].Items()[0]["b"].Integer()).Message);
        Assert.Equal("file: 'a[0].c' must be a text, but is missing.", Assert.Throws<CheckpointException>(() => place["a"].Items()[0]["c"].String()).Message);
        Assert.Equal("file: The index must be an array, but is {\"a\": [{\"b\": \"x\"}]}.", Assert.Throws<CheckpointException>(() => place.Items()).Message);
    }

    [Theory]
    [InlineData("1e40")]
    [InlineData("-1e999")]
    public void ANumberBeyondFloat32IsNoConstant(string number)
    {
        var error = Assert.Throws<InterventionException>(() => InterventionConfig.FromJson(
            $$"""{"version": 1, "interventions": [{"type": "addition", "component": "mlp_output", "layer": 0, "constant": {"shape": [1], "values": [{{number}}]} }]}"""));

        Assert.Contains("'interventions[0].constant.values[0]' must be a number within float32", error.Message, StringComparison.Ordinal);
    }
}
