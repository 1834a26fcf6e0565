using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using Pyvene.Typed.Tests.Descriptors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>An experiment as a part of a larger module: pyvene's README trains a classifier on top of an intervened GPT-2.</summary>
public sealed class ExperimentModuleTests
{
    [Fact]
    public void ClassifierOnTopOfAnIntervenedModelIsTrainedEndToEnd()
    {
        using var scope = NewDisposeScope();
        using var classifier = new Classifier<Gpt2>(Body("gpt2", "GPT2Model"), Gpt2.Experiment.Apply(Gpt2.Layer(0).BlockOutput.At(^1), Space()));
        var (@base, source) = (Inputs(1), Inputs(2));
        var labels = tensor(new long[] { 0, 1, 1 });
        using var optimiser = optim.Adam(classifier.parameters().Where(parameter => parameter.requires_grad), 0.05);
        var losses = new List<double>();
        for (var step = 0; step < 12; step++)
        {
            var loss = nn.functional.cross_entropy(classifier.call(@base, source), labels);
            optimiser.zero_grad();
            loss.backward();
            Assert.All(classifier.named_parameters().Where(item => !item.name.StartsWith("intervened.model.", StringComparison.Ordinal)), item =>
                Assert.True(item.parameter.grad is not null, item.name));
            optimiser.step();
            losses.Add(loss.item<float>());
        }

        Assert.InRange(losses[^1], 0, losses[0] / 2);
        Assert.All(classifier.named_parameters().Where(item => item.name.StartsWith("intervened.model.", StringComparison.Ordinal)), item =>
            Assert.True(item.parameter.grad is null, item.name));
    }

    [Fact]
    public void CallIsWhatTheBoundExperimentGives()
    {
        using var scope = NewDisposeScope();
        using var model = ShippedModels.Create("gpt2", "GPT2LMHeadModel");
        var experiment = Gpt2.Experiment.Interchange(Gpt2.Layer(0).MlpOutput.At(^1));
        using var plan = experiment.Bind(model);
        using var run = plan.Run(Inputs(1), Inputs(2));
        var module = experiment.AsModule(model);
        using var output = module.Call(Inputs(1), Inputs(2));
        Assert.True(allclose(run.Output, output.Logits!, rtol: 1e-4, atol: 1e-5));
        Assert.False(output.Logits!.requires_grad);
        using var skipped = module.Call(Inputs(1), null);
        Assert.True(allclose(run.CleanOutput!, skipped.Logits!, rtol: 1e-4, atol: 1e-5));
        Assert.False(allclose(skipped.Logits!, output.Logits!, rtol: 1e-4, atol: 1e-5));
        var missing = Assert.Throws<InterventionException>(() => module.call([Inputs(1)]));
        Assert.Contains("takes 1 sources, but 0 were given", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PartsAreSavedWithTheWholeAndMoveWithIt()
    {
        using var scope = NewDisposeScope();
        var path = Path.GetTempFileName();
        try
        {
            using var first = Make();
            using var second = Make(seed: 9);
            var expected = first.call(Inputs(1), Inputs(2));
            Assert.NotEqual(expected, second.call(Inputs(1), Inputs(2)));
            first.save(path);
            second.load(path);
            Assert.Equal(expected, second.call(Inputs(1), Inputs(2)));
            second.to(float64);
            var wide = second.call(Inputs(1), Inputs(2));
            Assert.Equal(float64, wide.dtype);
            Assert.True(allclose(expected, wide.to(float32), rtol: 1e-4, atol: 1e-5));
        }
        finally
        {
            File.Delete(path);
        }
    }

    // TorchSharp saves no transposed tensors, which the maps of GPT-2 are.
    private static Classifier<Llama> Make(int seed = 4)
    {
        random.manual_seed(seed);
        return new(Body("llama", "LlamaModel"), Llama.Experiment.Apply(Llama.Layer(0).BlockOutput.At(^1), Space()));
    }

    private static PretrainedModel Body(string key, string className) => ShippedModels.Create(key, className);

    private static RotatedSpace Space() => new(16) { Dimensions = [.. Enumerable.Range(0, 8)] };

    private static ModelInputs Inputs(int seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return new ModelInputs { InputIds = randint(0, 50, [3, 5], dtype: int64, generator: generator) };
    }

    private sealed class Classifier<TModel> : nn.Module<ModelInputs, ModelInputs, Tensor>
        where TModel : Pyvene.Typed.Descriptors.IArchitecture
    {
        private readonly ExperimentModule<TModel, OneSource> intervened;
        private readonly Linear head = nn.Linear(16, 2);

        public Classifier(PretrainedModel body, Experiment<TModel, OneSource> experiment)
            : base("classifier")
        {
            intervened = experiment.AsModule(body);
            RegisterComponents();
        }

        public override Tensor forward(ModelInputs @base, ModelInputs source) =>
            head.call(intervened.Call(@base, source).LastHiddenState!.select(1, -1).relu());
    }
}
