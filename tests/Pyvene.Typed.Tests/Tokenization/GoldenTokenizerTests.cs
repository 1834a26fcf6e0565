using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Conformance;
using Pyvene.Typed.Tokenization;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Tokenization;

/// <summary>Recorded cases that a folder of golden data does not say by itself; the folders are run by the conformance tests.</summary>
public sealed class GoldenTokenizerTests
{
    [Fact]
    public void VocabularyAndMergesGiveTheSameAsTokenizerJson()
    {
        using var copy = new TemporaryFolder("tokenizers");
        foreach (var file in (string[])["vocab.json", "merges.txt", "tokenizer_config.json", "cases.jsonl"])
            File.Copy(Path.Combine(Repository.Root, "tests", "golden", "tokenizers", "gpt2-512", file), Path.Combine(copy.Path, file));

        var results = ConformanceRun.Run(copy.Path, CaseFilter.Everything).SelectMany(result => result.Cases).ToList();

        Assert.NotEmpty(results);
        Assert.Empty(results.Where(result => !result.Passed).Select(result => $"{result.Id}: {result.Message}"));
    }

    [Fact]
    public void ThePrimerReadsItsTextsAsRecorded()
    {
        using var scope = NewDisposeScope();
        var folder = Path.Combine(Repository.Root, "models", "primer");
        var tokenizer = TextTokenizer.Load(folder);
        using var tensors = SafetensorsFile.Open(Path.Combine(folder, "expect.safetensors"));
        foreach (var golden in new GoldenFile(Path.Combine(folder, "expect.json")).Cases().Single().Required("cases").EnumerateArray())
        {
            var expected = tensors.Read($"{golden.GetProperty("id").GetString()}/input_ids").to(ScalarType.Int64).data<long>().ToArray();
            Assert.Equal(expected, tokenizer.Encode(golden.GetProperty("text").GetString()!).Select(id => (long)id));
        }
    }
}
