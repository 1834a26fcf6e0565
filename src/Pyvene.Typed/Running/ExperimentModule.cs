using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Models;
using Pyvene.Typed.Running;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed;

/// <summary>
/// Is an experiment on a model as a TorchSharp module that stands inside of a larger one: it is called as <c>Call(base, source)</c>, gradients pass through it,
/// and its parameters, those of the model (<c>model</c>) and of the interventions that learn (<c>interventions</c>), are trained, saved and moved with the
/// whole, as pyvene's <c>IntervenableModel</c>'s are.
/// </summary>
/// <remarks>
/// An intervention without an effect does not throw here, since one that learns may begin with none. Disposing it disposes its parts, as TorchSharp's modules
/// do: the model and the interventions. TorchSharp's <c>save</c> takes no transposed tensors, which the maps of GPT-2 are; the model's own <c>Save</c> does.
/// </remarks>
/// <typeparam name="TModel">The architecture, or the module's class.</typeparam>
/// <typeparam name="TSources">The number of sources that a call takes.</typeparam>
public sealed class ExperimentModule<TModel, TSources> : nn.Module<IReadOnlyList<ModelInputs?>, ModelOutput>
    where TModel : IArchitecture
    where TSources : ISourceCount
{
    private readonly nn.Module root;
    private readonly InterventionConfig config;
    private InterventionPlan plan;
    private (ScalarType Dtype, DeviceType Device, int Index)? place;

    internal ExperimentModule(nn.Module root, Experiment<TModel, TSources> experiment)
        : base("Experiment")
    {
        (this.root, config) = (root, experiment.Given().ToConfig());
        plan = InterventionPlan.Bind(root, config);
        place = Place;
        register_module("model", root);
        register_module("interventions", nn.ModuleList<InterventionModule>(
            [.. config.Interventions.Select(spec => (spec.Intervention as Learned)?.Module).OfType<InterventionModule>().Distinct()]));
    }

    private (ScalarType Dtype, DeviceType Device, int Index)? Place =>
        root.parameters().FirstOrDefault() is { } own ? (own.dtype, own.device_type, own.device_index) : null;

    /// <summary>Runs the experiment. The typed <c>Call</c> takes as many sources as there are.</summary>
    /// <param name="inputs">The base, then every source; <see langword="null"/> leaves a source out on purpose.</param>
    /// <returns>What the model returned under the interventions; its tensors belong to the current dispose scope, else to the caller.</returns>
    /// <exception cref="InterventionException">The inputs do not fit the experiment.</exception>
    public override ModelOutput forward(IReadOnlyList<ModelInputs?> inputs)
    {
        if (inputs.Given().FirstOrDefault() is not { } @base) throw new InterventionException("base", "There is no base; give it first, then the sources.");
        if (place != Place)
        {
            plan.Dispose(); // bound to where the model was
            (plan, place) = (InterventionPlan.Bind(root, config), Place);
        }

        using var run = plan.Run(@base, [.. inputs.Skip(1)], new RunOptions
        {
            Gradients = is_grad_enabled(), Effects = EffectCheck.Report, CountsChanges = false,
        });
        return run.ToModelOutput();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) plan.Dispose();
        base.Dispose(disposing);
    }
}
