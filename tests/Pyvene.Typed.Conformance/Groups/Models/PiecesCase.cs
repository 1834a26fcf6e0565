using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models;

/// <summary>Feeds a text in pieces that continue each other's cache: the last piece has the numbers of the whole text, or a piece is refused.</summary>
internal static class PiecesCase
{
    /// <summary>Runs a case of <c>cross.jsonl</c>.</summary>
    public static void Check(LoadedModels models, GoldenCase golden, Comparison comparison)
    {
        using var untracked = no_grad();
        var model = models.Of(golden);
        var whole = ModelCall.Inputs(golden, golden.Required("inputs"));
        var (start, past) = (0L, (ModelState?)null);
        try
        {
            foreach (var cut in golden.Required("cuts").EnumerateArray().Select(cut => cut.GetInt64()))
            {
                var output = model.call(whole with { InputIds = whole.InputIds!.narrow(1, start, cut - start), Past = past });
                (start, past) = (cut, output.Past);
                if (cut == whole.InputIds!.shape[1])
                {
                    comparison.Tensor(
                        "logits", output.Logits, golden.Tensor(golden.Required("out").GetProperty("logits")), golden.Tolerance(Tolerance.Forward));
                }
            }
        }
        catch (ArgumentException refused)
        {
            comparison.Holds(
                refused.Message.Contains("UseCache = false", StringComparison.Ordinal), $"refused without saying what to do: {refused.Message}");
        }
        finally
        {
            past?.Dispose();
        }
    }
}
