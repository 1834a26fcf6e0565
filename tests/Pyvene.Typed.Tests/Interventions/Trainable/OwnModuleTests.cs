using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Interventions.Trainable;

/// <summary>LoReFT and LoRA, written as a user writes them, learn without sources and have the gradients of PyTorch's own hooks.</summary>
public sealed class OwnModuleTests
{
    private static readonly long[] Columns = [1, 3];

    private static CounterfactualSet Texts { get; } = CounterfactualSet.Of(
        new Counterfactual("Mary smiled because", " he"),
        new Counterfactual("Anna went to the house because", " he"),
        new Counterfactual("Tom was very happy that day because", " she"));

    [Theory]
    [InlineData("loreft", false)]
    [InlineData("loreft", true)]
    [InlineData("lora", false)]
    [InlineData("lora", true)]
    [InlineData("lora on queries", true)]
    public void GradientsAreThoseOfAHookWrittenByHand(string type, bool sharesWork)
    {
        using var scope = NewDisposeScope();
        using var model = Gpt2.Load(Primer.Folder);
        using var module = Make(type);
        var layer = Gpt2.Layer(2);
        var experiment = Gpt2.Experiment.Apply((type == "lora on queries" ? layer.QueryOutput : layer.MlpOutput).At(1, 3), module);
        using var plan = InterventionPlan.Bind(model.Module, experiment.ToConfig());
        var inputs = Primer.Inputs(2, 5, 8);
        using var run = plan.Run(inputs, [], new RunOptions { Gradients = true, WithClean = true, SharesWork = sharesWork, Effects = EffectCheck.Report });
        var got = Gradients(run.Output);

        var name = type == "lora on queries" ? "transformer.h.2.attn.c_attn" : "transformer.h.2.mlp";
        var hooked = (nn.Module<Tensor, Tensor>)model.Module.named_modules().First(item => item.name == name).module;
        var hook = hooked.register_forward_hook((_, input, output) => ByHand(input, output));
        var expected = Gradients(model.Module.call(inputs).Logits!);
        hook.remove();
        Assert.All(expected.Zip(got), pair => Assert.InRange(Primer.Difference(pair.First, pair.Second), 0, 1e-4 * (1 + pair.First.abs().max().item<float>())));
        Assert.Contains(expected, gradient => gradient.abs().max().item<float>() > 1e-3);

        Tensor[] Gradients(Tensor logits)
        {
            foreach (var parameter in module.parameters())
            {
                parameter.grad = null;
            }

            nn.functional.cross_entropy(logits[.., -1], tensor(new long[] { 3, 5 })).backward();
            return [.. module.parameters().Select(parameter => parameter.grad!.clone())];
        }

        Tensor ByHand(Tensor input, Tensor output)
        {
            var own = module.named_parameters().ToDictionary(item => item.name, item => item.parameter);
            var chosen = zeros(5).index_fill(0, tensor(Columns), 1).view(1, 5, 1); // [1, position, 1]
            if (type == "loreft")
            {
                var r = linalg.qr(own["rotation"]).Q.mT; // [rank, width]
                var inner = nn.functional.linear(output, own["weight"].mT, own["bias"]) - nn.functional.linear(output, r); // [batch, position, rank]
                return output + (chosen * nn.functional.linear(inner, r.mT));
            }

            var added = chosen * nn.functional.linear(nn.functional.linear(input, own["down"].mT), own["up"].mT); // [batch, position, width]
            return output + nn.functional.pad(added, (0, output.shape[^1] - added.shape[^1]));
        }
    }

    [Theory]
    [InlineData("loreft")]
    [InlineData("lora")]
    public void LearnsWithoutSources(string type)
    {
        using var module = Make(type);
        Experiment<Gpt2, NoSource> experiment = Gpt2.Experiment.Apply(Gpt2.Layer(2).MlpOutput.At(^1), module);
        using var plan = Primer.Model.Bind(experiment);
        var before = plan.Evaluate(Texts);
        var options = new TrainingOptions { Epochs = 30, Optimiser = Optimiser.Adam(0.02), BatchSize = 2, Seed = 1, Evaluation = Texts };
        var result = plan.Train(Texts, options);
        Assert.True(result.Evaluation!.Loss < before.Loss / 2);
        Assert.Equal(1, result.Evaluation.Accuracy);
    }

    [Theory]
    [InlineData("loreft")]
    [InlineData("lora")]
    public void TrainingFromKeptPartsLearnsWhatTheWholeOneLearns(string type)
    {
        var whole = Losses(0);
        Assert.All(whole.Zip(Losses(1L << 30)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));

        double[] Losses(long budget)
        {
            using var module = Make(type);
            using var plan = Primer.Model.Bind(Gpt2.Experiment.Apply(Gpt2.Layer(3).MlpOutput.At(^2, ^1), module));
            var options = new TrainingOptions { Epochs = 3, Optimiser = Optimiser.Sgd(0.05), BatchSize = 2, Seed = 1, MemoryBudget = budget };
            return [.. plan.Train(Texts, options).Steps.Select(step => step.Loss)];
        }
    }

    [Fact]
    public void ConfigurationAndPlanOfTrainingKeepThem()
    {
        InterventionTypes.Register("loreft", parameters => new LoReft(parameters.Integer("width"), parameters.Integer("rank")));
        InterventionTypes.Register(
            "lora", parameters => new Lora(parameters.Integer("input_width"), parameters.Integer("width"), parameters.Integer("rank")));
        using var loreft = Make("loreft");
        using var lora = Make("lora");
        var config = Gpt2.Experiment.Apply(Gpt2.Layer(2).BlockOutput.At(^1), loreft).Apply(Gpt2.Layer(3).MlpOutput, lora).ToConfig();
        Assert.Equal(0, config.Sources);
        var json = config.ToJson(withoutTensors: true);
        Assert.Equal(json, InterventionConfig.FromJson(json).ToJson(withoutTensors: true));

        var text = new TrainingPlan(config, Texts, new TrainingOptions { Epochs = 2 }).ToJson();
        var again = TrainingPlan.FromJson(text);
        Assert.Equal(text, again.ToJson());
        Assert.Equal(0, again.Examples.SourceCount);
    }

    [Fact]
    public void SourceOrInputThatIsMissingIsNamed()
    {
        using var scope = NewDisposeScope();
        using var loreft = Make("loreft");
        using var lora = Make("lora");
        Assert.Contains("and the source's [2, 128]", Refusal(() => loreft.Apply(randn(2, 128), randn(2, 128), null)), StringComparison.Ordinal);
        Assert.Contains("and the module's input's are not given", Refusal(() => lora.Apply(randn(2, 128), null, null)), StringComparison.Ordinal);
        using var space = new RotatedSpace(4);
        Assert.Contains("and the source's are not given", Refusal(() => space.Apply(randn(2, 4), null, null)), StringComparison.Ordinal);

        static string Refusal(Action act) => Assert.Throws<InterventionException>(act).Message;
    }

    [Fact]
    public void ModuleWithoutASourceThatIsHeldAsOneThatMayReadSomeIsRefusedWhereItWouldAddASource()
    {
        using var module = Make("loreft");
        InterventionModule held = module;
        Intervention zero = new Zero();
        var site = Gpt2.Layer(2).BlockOutput.At(^1);
        var error = Assert.Throws<ArgumentException>(() => _ = Gpt2.Experiment.Apply(site, held));
        Assert.Contains("reads no source, but it was given as", error.Message, StringComparison.Ordinal);
        Assert.Contains("makes an experiment of 1 source.", error.Message, StringComparison.Ordinal);
        Assert.Contains("a variable of type SourcelessModule", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => _ = Gpt2.Experiment.Apply(site, zero));
        Assert.Contains("a variable of type SourcelessIntervention", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, Gpt2.Experiment.Apply(site, module).ToConfig().Sources);

        // An experiment that has its sources keeps their number.
        Assert.Equal(1, Gpt2.Experiment.Interchange(Gpt2.Layer(1).BlockOutput.At(^1)).Apply(site, held).ToConfig().Sources);
    }

    private static SourcelessModule Make(string type)
    {
        random.manual_seed(3);
        SourcelessModule module = type == "loreft" ? new LoReft(128, 4) : new Lora(128, 128, 4);
        using var quiet = no_grad();
        if (module is Lora) module.named_parameters().First(item => item.name == "up").parameter.normal_(0, 0.1);
        return module;
    }
}
