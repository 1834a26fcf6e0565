using Pyvene.Typed.Checkpoints;
using Pyvene.Typed.Descriptors.Reading;
using static TorchSharp.torch;

namespace Pyvene.Typed.Models;

/// <summary>Is the base of the models of this library: a Hugging Face architecture as TorchSharp modules, with Hugging Face's parameter names.</summary>
/// <remarks>
/// Parameters are frozen when a model is loaded or created: interventions change activations, and an optimiser over <c>parameters()</c> changes nothing until
/// <see cref="Unfreeze"/>. What an intervention learns are the parameters of its own module.
/// </remarks>
public abstract class PretrainedModel : nn.Module<ModelInputs, ModelOutput>
{
    /// <summary>Initialises the model.</summary>
    /// <param name="name">The class name in transformers, such as <c>GPT2LMHeadModel</c>.</param>
    /// <param name="config">The configuration that the model is built from.</param>
    protected PretrainedModel(string name, ModelConfig config)
        : base(name)
    {
        Config = config;
    }

    /// <summary>Gets the configuration that the model was built from; fields that the file leaves out have the architecture's defaults.</summary>
    public ModelConfig Config { get; }

    /// <summary>
    /// Gets the fields of the configuration that this library does not know, in their order: they may change the model's numbers, and nothing here reads them.
    /// </summary>
    /// <value>Empty for a model of your own.</value>
    public IReadOnlyList<string> Unread => ModelRegistry.Find(GetName())?.Fields.Unread(Config) ?? [];

    /// <summary>
    /// Lets all parameters take gradients, so that an optimiser over <c>parameters()</c> trains the model. Loading and creating a model freezes them.
    /// </summary>
    /// <remarks>Dropout is the mode's: <c>model.train()</c> turns it on, <c>model.eval()</c> off. Parameters that are whole numbers take none.</remarks>
    public void Unfreeze() => TakeGradients(true);

    /// <summary>
    /// Lets no parameter take gradients, as after loading: interventions change activations, and gradients of weights cost time and memory.
    /// </summary>
    public void Freeze() => TakeGradients(false);

    private void TakeGradients(bool value)
    {
        foreach (var parameter in parameters().Where(parameter => parameter.is_floating_point())) parameter.requires_grad = value;
    }

    /// <summary>
    /// Writes the model as a folder in Hugging Face's layout, <c>config.json</c> and <c>model.safetensors</c>, from which
    /// <see cref="ModelLoader.Load(string, string?, Device?, ScalarType?)"/> and transformers load it again: for weights that were trained, as pyvene's
    /// <c>include_model</c> keeps them.
    /// </summary>
    /// <param name="folder">The folder; it must not exist, or be empty. It is there as a whole or not at all.</param>
    /// <exception cref="IOException">The folder has files, or cannot be written.</exception>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var config = Config.With($$"""{"architectures": ["{{GetName()}}"]}""");
        WholeFolder.Write(folder, temporary =>
        {
            File.WriteAllText(Path.Combine(temporary, "config.json"), config.ToJson());
            SafetensorsWriter.Write(
                Path.Combine(temporary, "model.safetensors"),
                state_dict().Select(item => (item.Key, item.Value)),
                new Dictionary<string, string> { ["format"] = "pt" }); // transformers asks for it
        });
    }

    /// <summary>Checks the arguments of a forward pass before anything runs.</summary>
    /// <param name="inputs">The arguments.</param>
    /// <exception cref="ArgumentException">An argument does not fit; its name, what was expected and what is there.</exception>
    internal virtual void CheckArguments(ModelInputs inputs)
    {
    }

    /// <summary>Gets how the names in this architecture's checkpoints relate to the parameters.</summary>
    internal virtual CheckpointLayout CheckpointLayout => CheckpointLayout.Plain;

    /// <summary>
    /// Gets whether a row of the batch has the same output whatever the other rows are, so that several runs may be one batch. Batch statistics in training end
    /// that.
    /// </summary>
    internal virtual bool RowsAreIndependent => true;

    /// <summary>Gets whether several runs may be rows of one pass, block by block, though a row depends on others of its own run.</summary>
    internal virtual bool KeepsRunsApart => RowsAreIndependent;

    /// <summary>Gets whether a position's values depend on no later position, so that positions can be computed apart.</summary>
    internal virtual bool IsCausal => false;

    /// <summary>Gets whether a decoder with tokens of its own looks back at what the model reads, so that its text begins anew behind that.</summary>
    internal virtual bool HasDecoder => false;

    /// <summary>Gets whether the model takes the numbers of positions; else it knows positions by their distances.</summary>
    internal virtual bool TakesPositionIds => true;

    /// <summary>Returns the axis that positions are counted along in the values of a module, as descriptors name it.</summary>
    /// <param name="path">The module's path.</param>
    internal virtual string PositionAxisOf(string path) => Axes.Position;

    /// <summary>
    /// Gets whether a pass can hold some positions of a text alone, so that runs share those before the first that differs: what a later position needs of
    /// them is then keys and values.
    /// </summary>
    internal virtual bool SharesPositions => IsCausal;

    /// <summary>
    /// Gets whether the model has a language model head: logits [batch, position, vocab] of the positions that <see cref="ModelInputs.Logits"/> selects.
    /// </summary>
    internal virtual bool SelectsLogits => false;

    /// <summary>Gets how many tokens a text may have; <see langword="null"/> = any number.</summary>
    internal virtual long? ContextLength => Config.ContextLength;

    /// <summary>Returns whether a parameter starts from random numbers.</summary>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="axes">How many axes it has.</param>
    internal virtual bool Draws(string parameter, long axes) => axes >= 2 && !IsBias(parameter);

    /// <summary>Returns whether a parameter is a bias.</summary>
    /// <param name="parameter">The parameter's name.</param>
    internal static bool IsBias(string parameter) => parameter.EndsWith("bias", StringComparison.Ordinal);

    /// <summary>Returns the factor that a parameter's initial deviation is scaled by.</summary>
    /// <param name="parameter">The parameter's name.</param>
    internal virtual double InitialScale(string parameter) => 1;

    /// <summary>Returns what a parameter starts from that is not drawn, float32 on the CPU; <see langword="null"/> = it is drawn, or a bias or norm.</summary>
    /// <param name="parameter">The parameter's name.</param>
    internal virtual Tensor? InitialValue(string parameter) => null;

    /// <summary>Gets what the weight of a norm starts from.</summary>
    internal virtual double InitialWeight => 1;
}
