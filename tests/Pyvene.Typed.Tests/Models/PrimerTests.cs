using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Models;

public sealed class PrimerTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "models", "primer");

    /// <summary>
    /// The recording was made from the weights before they were rounded to float16; PyTorch, too, is 0.007 away from it with the file that ships.
    /// </summary>
    [Fact]
    public void TheModelThatShipsGivesTheLogitsItWasShippedWith() =>
        Compare(Path.Combine(Folder, "expect.safetensors"), LogitsSelection.All, tolerance: 0.01);

    /// <summary>Recorded at the last position from the file that ships, by transformers 4.57.6 on PyTorch 2.13, CPU, float32, eager attention.</summary>
    [Fact]
    public void TheModelThatShipsGivesTheLogitsOfPyTorch() =>
        Compare(Path.Combine(Repository.Root, "tests", "Pyvene.Typed.Tests", "Models", "primer-logits.safetensors"), LogitsSelection.Last(1), tolerance: 1e-4);

    private static void Compare(string recording, LogitsSelection selection, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var model = ModelLoader.Load(Folder);
        using var expected = SafetensorsFile.Open(recording);
        var cases = expected.Names.Where(name => name.EndsWith("/logits", StringComparison.Ordinal)).Select(name => name.Split('/')[0]).ToList();

        Assert.Equal(6, cases.Count);
        foreach (var number in cases)
        {
            var output = model.call(new ModelInputs { InputIds = expected.Read($"{number}/input_ids"), Logits = selection });
            Close.Equal(expected.Read($"{number}/logits"), output.Logits!, tolerance);
        }
    }
}
