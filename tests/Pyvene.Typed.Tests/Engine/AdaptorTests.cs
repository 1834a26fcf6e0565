using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Generation;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Engine;

/// <summary>An adaptor is given its module's input beside the output: at the same positions, as the interventions before it left it.</summary>
public sealed class AdaptorTests : IDisposable
{
    private const string Mlp = "transformer.h.2.mlp";

    private readonly LanguageModel<Gpt2> model = Gpt2.Load(Primer.Folder);
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        model.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void InputIsThatOfTheModuleAtThePositionsOfThePlace(bool sharesWork)
    {
        var inputs = Primer.Inputs(2, 6, 4);
        Tensor? seen = null;
        var experiment = Gpt2.Experiment.Collect(Gpt2.Layer(2).MlpInput.At(4, 1), out var read).Apply(Gpt2.Layer(2).MlpOutput.At(4, 1), Adaptor.Of(
            (output, input) =>
            {
                seen = input.clone().MoveToOtherDisposeScope(scope);
                return (output * 0.5) + input;
            }));
        using var plan = InterventionPlan.Bind(model.Module, experiment.ToConfig());
        using var run = plan.Run(inputs, [], new RunOptions { WithClean = true, SharesWork = sharesWork });
        Assert.Equal([2, 2, 128], seen!.shape);
        Assert.Equal(0, Primer.Difference(run.Collected[0], seen));
        Assert.InRange(Primer.Difference(ByHand(inputs, (input, output) => Mixed(input, output, 1, 4)), run.Output), 0, 1e-4);
    }

    [Fact]
    public void InputIsAsTheInterventionsBeforeLeftIt()
    {
        var inputs = Primer.Inputs(2, 6, 4);
        var experiment = Gpt2.Experiment
            .Apply(Gpt2.Layer(2).MlpOutput, Adaptor.Of((output, input) => output + input + 1))
            .Apply(Gpt2.Layer(2).MlpInput, values => values * 2);
        using var plan = InterventionPlan.Bind(model.Module, experiment.ToConfig());
        using var run = plan.Run(inputs, []);
        var module = (nn.Module<Tensor, Tensor>)model.Module.named_modules().First(item => item.name == Mlp).module;
        var hook = module.register_forward_pre_hook((_, input) => input * 2);
        Assert.InRange(Primer.Difference(ByHand(inputs, (input, output) => output + input + 1), run.Output), 0, 1e-4);
        hook.remove();
    }

    [Fact]
    public void PaddedTextsAreAdaptedAtTheirOwnPositions()
    {
        var experiment = Gpt2.Experiment.Apply(Gpt2.Layer(2).MlpOutput.At(^2), Adaptor.Of((output, input) => output - (3 * input)));
        string[] texts = ["Mary smiled because", "Tom was very happy that day because"];
        using var both = model.Run(experiment, Prompt.Of(texts));
        foreach (var (row, text) in texts.Index())
        {
            using var one = model.Run(experiment, text);
            Assert.InRange(Primer.Difference(one.Logits[0, -1], both.Logits[row, -1]), 0, 1e-3);
        }
    }

    [Fact]
    public void EveryStepOfAGenerationIsAdapted()
    {
        var place = Gpt2.Layer(2).MlpOutput.During(Steps.Prompt.And(Steps.Each));
        var options = new GenerationOptions { MaxNewTokens = 6, EosTokenIds = [] };
        var adapted = model.Generate(Gpt2.Experiment.Apply(place, Adaptor.Of((output, input) => output - (2 * input))), "Mary smiled because", options);
        var module = (nn.Module<Tensor, Tensor>)model.Module.named_modules().First(item => item.name == Mlp).module;
        var hook = module.register_forward_hook((_, input, output) => output - (2 * input));
        var expected = model.Generate("Mary smiled because", options);
        hook.remove();
        Assert.Equal(expected.Texts[0], adapted.Texts[0]);
        Assert.NotEqual(model.Generate("Mary smiled because", options).Texts[0], adapted.Texts[0]);
    }

    [Fact]
    public void OutputInWhichRowsAndPositionsAreOneAxisIsAdaptedAtItsPositions()
    {
        using var net = nn.Sequential(("fc", nn.Linear(3, 4)));
        var values = randn(2, 5, 3);
        var config = new InterventionConfig
        {
            Interventions =
            [
                new InterventionSpec
                {
                    Intervention = Adaptor.Of((output, input) => output + input.sum(-1, true)),
                    Site = new SiteSpec { ModulePath = "fc", At = Positions.Of(^1) },
                },
            ],
        };
        using var plan = InterventionPlan.Bind(net, config);
        using var run = plan.Run(values);
        var expected = net.call(values).clone();
        expected[.., -1] += values[.., -1].sum(-1, true);
        Assert.InRange(Primer.Difference(expected, run.Output), 0, 1e-6);
    }

    [Fact]
    public void OneWithDifferentNumbersOfFeaturesGetsTheWholeInput()
    {
        var experiment = Gpt2.Experiment.Apply(
            Gpt2.Layer(2).MlpOutput.At(3).Features(Features.PerExample([0, 5], [7])), Adaptor.Of((output, input) => output + input.sum(-1, true)));
        var inputs = Primer.Inputs(2, 6, 4);
        using var plan = InterventionPlan.Bind(model.Module, experiment.ToConfig());
        using var run = plan.Run(inputs, []);
        var expected = ByHand(inputs, (input, output) =>
        {
            var result = output.clone();
            result[0, 3, 0] += input[0, 3].sum();
            result[0, 3, 5] += input[0, 3].sum();
            result[1, 3, 7] += input[1, 3].sum();
            return result;
        });
        Assert.InRange(Primer.Difference(expected, run.Output), 0, 1e-4);
    }

    [Theory]
    [InlineData("transformer.h.2.mlp", HookSide.Input, "the place is an input itself")]
    [InlineData("transformer.h.2.attn.attn_dropout", HookSide.Output, "the place is a value inside of a module")]
    [InlineData("transformer.wte", HookSide.Output, "of whole numbers; expected [batch, …, width] in floating point")]
    public void PlaceWithoutSuchAnInputIsRefusedByName(string path, HookSide side, string expected)
    {
        var site = new SiteSpec { ModulePath = path, Side = side };
        Assert.Contains(expected, Refusal(site), StringComparison.Ordinal);
    }

    [Fact]
    public void HeadsAreRefusedByNameAndTheWholeIsTaken()
    {
        var heads = Gpt2.Layer(2).HeadQueryOutput.Head(1);
        var add = Adaptor.Of((output, input) => output + input);
        var error = Assert.Throws<InterventionException>(() => InterventionPlan.Bind(model.Module, Gpt2.Experiment.Apply(heads, add).ToConfig()));
        Assert.Contains("the place has heads, and the input of 'transformer.h.2.attn.c_attn' is not given by heads", error.Message, StringComparison.Ordinal);
        using var plan = InterventionPlan.Bind(model.Module, Gpt2.Experiment.Apply(Gpt2.Layer(2).QueryOutput, add).ToConfig());
        using var run = plan.Run(Primer.Inputs(1, 4, 1), []);
        Assert.Equal(1, run.Receipts[0].Fired);
    }

    [Fact]
    public void WritingIntoTheInputIsRefused()
    {
        var experiment = Gpt2.Experiment.Apply(Gpt2.Layer(2).MlpOutput, Adaptor.Of((output, input) => output + input.mul_(2)));
        using var plan = InterventionPlan.Bind(model.Module, experiment.ToConfig());
        var error = Assert.Throws<InterventionException>(() => plan.Run(Primer.Inputs(1, 4, 1), []));
        Assert.Contains("wrote into the module's input", error.Message, StringComparison.Ordinal);
        var unwritten = Assert.Throws<InterventionException>(() => experiment.ToConfig().ToJson());
        Assert.Contains("is a function, which cannot be written", unwritten.Message, StringComparison.Ordinal);
    }

    private static Tensor Mixed(Tensor input, Tensor output, params long[] columns)
    {
        var result = output.clone();
        foreach (var column in columns)
        {
            result[.., column] = (output[.., column] * 0.5) + input[.., column];
        }

        return result;
    }

    private string Refusal(SiteSpec site)
    {
        var spec = new InterventionSpec { Intervention = Adaptor.Of((output, _) => output * 2), Site = site };
        return Assert.Throws<InterventionException>(() =>
        {
            using var plan = InterventionPlan.Bind(model.Module, new InterventionConfig { Interventions = [spec] });
            plan.Run(Primer.Inputs(2, 4, 1), []).Dispose();
        }).Message;
    }

    private Tensor ByHand(ModelInputs inputs, Func<Tensor, Tensor, Tensor> replace)
    {
        using var quiet = no_grad();
        var module = (nn.Module<Tensor, Tensor>)model.Module.named_modules().First(item => item.name == Mlp).module;
        var hook = module.register_forward_hook((_, input, output) => replace(input, output));
        var logits = model.Module.call(inputs).Logits!;
        hook.remove();
        return logits;
    }
}
