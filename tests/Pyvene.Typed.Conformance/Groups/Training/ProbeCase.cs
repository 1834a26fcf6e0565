using System.Globalization;
using System.Text.RegularExpressions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Training;

/// <summary>
/// Fits a linear probe for what the model says next to its values at a place, and compares how many sentences with other names it reads right: within 0.05, as
/// what is searched is.
/// </summary>
internal static partial class ProbeCase
{
    private const double Beside = 0.05;

    /// <summary>Runs a case.</summary>
    public static void Check(GoldenCase golden, Comparison comparison, PretrainedModel model)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var penalty = golden.Text("l2") is { } words && InverseStrength().Match(words) is { Success: true } match
            ? 1 / double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new UnsupportedCaseException($"a probe with the penalty '{golden.Text("l2")}'");
        var (train, test) = (Part("train"), Part("test"));
        var found = LogisticRegression.Fit(train, Math.Max(train.Classes, test.Classes), penalty, standardised: false).Classify(test.Values);
        var share = found.Zip(test.Labels, (guess, label) => guess == label ? 1.0 : 0.0).Average();
        comparison.Number("accuracy", share, GoldenCase.Number(golden.Required("expect").GetProperty("accuracy")), new Tolerance(0, Beside));

        LabelledValues Part(string part)
        {
            var bases = SearchCase.BasesOf(golden, part); // [example, position]
            var next = model.call(new ModelInputs { InputIds = bases }).Logits!.select(1, -1).argmax(-1); // [example]
            return LabelledValues.Of(SearchCase.ValuesAt(golden, model, bases), next);
        }
    }

    [GeneratedRegex(@"^C = ([\d.e+-]+)$")]
    private static partial Regex InverseStrength();
}
