"""The words of the field, in English, Italian, Spanish; French, German, Portuguese, Chinese, Russian for the common forms.

One line a meaning: phrases are separated by bars, in lower case without accents. A word in brackets may
be left out or is an ending: "filter(s)", "stride(s) of". `cnncalc.ask.phrases` looks them up.
"""

LAYERS: dict[str, str] = {
    "conv": "conv(s)|convolution(s)|conv2d|convolution2d|convolutional|convolution(al) layer(s)|conv layer(s)|convolve(d)|"
    "convolving|cnn layer(s)|conv net layer|convoluzion(e/i)|convolutiv(o/a/i)|convoluzional(e/i)|strat(o/i) convoluzional(e/i)|"
    "strat(o/i) convolutiv(o/i)|layer convoluzional(e/i)|layer convolutiv(o/i)|livell(o/i) convoluzional(e/i)|strat(o/i) di convoluzione|"
    "livell(o/i) di convoluzione|layer di convoluzione|convolucion(es)|convolucional(es)|capa(s) convolucional(es)|capa(s) de convolucion|"
    "capa(s) conv|couche(s) de convolution|couche(s) convolutive(s)|couche(s) convolutionnelle(s)|convoluti(f/fs/ve/ves)|"
    "convolutionnel(s)|convolutionnelle(s)|faltung(en)|faltungsschicht(en)|faltungslayer|convolutional layers|convoluc(ao/oes)|"
    "convolucional|convolucionais|camada(s) convolucional|camada(s) convolucionais|camada(s) de convolucao|卷积层|卷积|свертка|"
    "сверточный слой|"
    "convolutional neural layer|conv block|correlation",
    "conv_transpose": "transposed conv(s)|transposed convolution(s)|transposed convolutional layer(s)|transpose conv(s)|transpose convolution(s)|"
    "convtranspose2d|conv2dtranspose|conv transpose|convtranspose|deconvolution(s)|deconv(s)|deconvolutional layer(s)|deconv layer(s)|"
    "up convolution(s)|upconvolution(s)|up conv(s)|upconv(s)|fractionally strided convolution(s)|"
    "convoluzion(e/i) traspost(a/e)|deconvoluzion(e/i)|convolucion(es) transpuesta(s)|convolucion(es) traspuesta(s)|deconvolucion(es)|"
    "convolution(s) transposee(s)|transponierte faltung(en)|convoluc(ao/oes) transposta(s)|反卷积|转置卷积|conv transposed|"
    "capa(s) de convolucion transpuesta|strat(o/i) di convoluzione trasposta|transposed layer",
    "depthwise": "depthwise conv(s)|depthwise convolution(s)|depth wise convolution(s)|depthwise layer|depthwise|depthwiseconv2d|"
    "convoluzion(e/i) depthwise|convolucion(es) depthwise|convolucion(es) en profundidad|convoluzion(e/i) in profondita|"
    "convolucion por canal|逐深度卷积|逐通道卷积",
    "pointwise": "pointwise conv(s)|pointwise convolution(s)|point wise convolution(s)|pointwise|pointwise layer|"
    "convoluzion(e/i) pointwise|convoluzion(e/i) puntual(e/i)|convolucion(es) pointwise|convolucion(es) puntual(es)|逐点卷积",
    "separable": "depthwise separable conv(s)|depthwise separable convolution(s)|depthwise separable|depthwise separable layer(s)|separable conv(s)|"
    "separable convolution(s)|separableconv2d|"
    "convoluzion(e/i) separabil(e/i)|convoluzion(e/i) separabil(e/i) in profondita|convoluzion(e/i) depthwise separabil(e/i)|"
    "convoluzion(e/i) depthwise separable|"
    "convolucion(es) separable(s)|convolucion(es) separable(s) en profundidad|convolucion(es) separable(s) por profundidad|"
    "convolucion(es) depthwise separable(s)|深度可分离卷积|convolution(s) separable(s)|convoluc(ao/oes) separave(l/is)",
    "locally_connected": "locally connected layer|locally connected|locallyconnected2d|"
    "localmente connesso|strato localmente connesso|capa localmente conectada|localmente conectada",
    "max_pool": "max pool(s)|max pooling(s)|maxpool(s)|maxpooling(s)|max pooled|max pooling layer(s)|maxpooling layer(s)|max pool layer(s)|maxpool layer(s)|"
    "maxpool2d|maxpooling2d|mp|"
    "strat(o/i) di max pooling|livell(o/i) di max pooling|capa(s) de max pooling|capa(s) max pooling|couche(s) de max pooling|"
    "camada(s) de max pooling|最大池化|最大池化层|max subsampling|pooling massimo|agrupacion maxima|agrupamiento maximo",
    "avg_pool": "average pool(s)|average pooling(s)|avg pool(s)|avg pooling(s)|avgpool(s)|mean pool(s)|mean pooling|averagepooling|average pooling layer(s)|avg pooling layer(s)|"
    "averagepooling2d|avgpool2d|avgpooling2d|"
    "strat(o/i) di average pooling|pooling medio|media pooling|capa(s) de average pooling|pooling promedio|pooling de promedio|"
    "agrupacion promedio|平均池化|平均池化层|pooling moyen",
    "pool": "pool(s)|pooling(s)|pooled|pooling layer(s)|pool layer(s)|subsampling|subsampling layer|sub sampling|sub sampling layer(s)|"
    "subsample(d)|sottocampionamento|"
    "strat(o/i) di pooling|livell(o/i) di pooling|layer di pooling|strat(o/i) pooling|capa(s) de pooling|capa(s) pooling|submuestreo|agrupacion|agrupamiento|"
    "couche(s) de pooling|couche(s) pooling|"
    "sous echantillonnage|pooling schicht(en)|camada(s) de pooling|池化层|池化|пулинг",
    "global_avg_pool": "global average pool|global average pooling|global avg pool|global avg pooling|gap|globalaveragepooling|"
    "globalaveragepooling2d|pooling medio globale|pooling promedio global|average pooling global(e)|全局平均池化|global average pooling layer|"
    "promedio global|media globale",
    "global_max_pool": "global max pool|global max pooling|globalmaxpooling|globalmaxpooling2d|max pooling global(e)|全局最大池化",
    "linear": "dense|dense layer(s)|fully connected|fully connected layer(s)|fully connect(ed)|fully connected network layer|fc|fc layer(s)|linear|linear layer(s)|densely connected|"
    "densely connected layer(s)|affine layer(s)|inner product|"
    "strat(o/i) dens(o/i)|layer dens(o/i)|dens(o/a/i/e)|livell(o/i) dens(o/i)|"
    "completamente conness(o/i/a/e)|strat(o/i) completamente conness(o/i)|strat(o/i) fully connected|layer fully connected|"
    "strat(o/i) lineare|livell(o/i) completamente conness(o/i)|"
    "capa(s) densa(s)|densa(s)|capa(s) totalmente conectada(s)|totalmente conectada(s)|completamente conectada(s)|capa(s) completamente conectada(s)|"
    "capa(s) fully connected|capa(s) lineal(es)|"
    "couche(s) dense(s)|couche(s) entierement connectee(s)|entierement connectee(s)|couche(s) fully connected|couche(s) lineaire(s)|"
    "vollstandig verbunden(e/en)|voll verbunden(e/en)|dense schicht(en)|vollverbundene schicht|camada(s) densa(s)|camada(s) totalmente conectada(s)|"
    "全连接层|全连接|полносвязный слой",
    "flatten": "flatten|flattened|flattening|flatten layer|unroll(ed)|appiattimento|appiattito|appiattisce|appiattire|aplanar|aplanado|aplana|aplanamiento|"
    "aplatissement|展平|flattened output|vectorized",
    "dropout": "dropout|dropout layer|spatialdropout2d|dropout2d",
    "batch_norm": "batch norm|batch normalization|batch normalisation|batchnorm|batchnormalization|batchnorm2d|bn|bn layer|batch norm layer(s)|"
    "batch normalization layer|normalizzazione batch|normalizacion por lotes|batch normalizzazione|批归一化|批量归一化",
    "softmax": "softmax",
    "relu": "relu(s)|rectified linear unit(s)|rectifier|leaky relu|leakyrelu",
    "sigmoid": "sigmoid|sigmoide|logistic",
    "tanh": "tanh|hyperbolic tangent|tangente iperbolica",
    "gelu": "gelu",
    "elu": "elu",
    "silu": "silu|swish",
    "upsample": "upsampling|upsample|upsampling2d|nearest neighbor upsampling|nearest neighbour upsampling|bilinear upsampling|"
    "sovracampionamento|sobremuestreo",
    "local_response_norm": "lrn|local response normalization|local response normalisation",
}

MEANINGS: dict[str, str] = {
    # --- nouns ------------------------------------------------------------------------------------
    "INPUTS": "inputs|input unit(s)|input neuron(s)|input feature(s)|input node(s)|input variables|input values|ingressi|neuroni di input|neuroni di ingresso|neuroni in ingresso|unita di input|feature di input|features di input|feature in ingresso|nodi di input|valori di ingresso|entradas|neuronas de entrada|unidades de entrada|nodos de entrada|entrees|neurones d entree|eingange|eingangen|eingabeneuronen|neuronios de entrada|entradas",
    "BIT": "bit(s)|bit float(s)|bit floating point|bit floating point numbers|bit integers|bit precision|bit numbers|bit virgola mobile|bits en coma flotante|bit number",
    "INPUT": "latent vector|noise vector|random vector|vector|vettore|vettore latente|input vector|vector latente|input|input image(s)|input volume|input picture(s)|input tensor|input map|input feature map|input matrix|input shape|input size|input dimension(s)|"
    "input data|input of size|input layer|image(s)|picture(s)|photo(s)|photograph|image patch|frame|volume|volume of activations|activation volume|input activation|tensor|matrix|input signal|signal|"
    "input_shape|input_size|input_dim|images of size|input sequence|sequence|thumbnail|scan|mammogram|slice image|"
    "ingress(o/i)|immagin(e/i)|immagin(e/i) di ingresso|immagin(e/i) di input|immagin(e/i) in ingresso|immagin(e/i) in input|volume di ingresso|volume di input|"
    "volume in input|volume in ingresso|"
    "tensore di input|tensore di ingresso|tensore in ingresso|tensore in input|tensore|matrice|matrice di input|dimensione di input|dimensione dell input|segnale|"
    "entrada|imagen(es)|imagen(es) de entrada|volumen|volumen de entrada|tensor de entrada|matriz|matriz de entrada|tamano de entrada|mapa de atributos de entrada|"
    "mapa de caracteristicas de entrada|senal|"
    "entree|image(s) d entree|volume d entree|tenseur d entree|carte de caracteristiques|carte de caracteristiques d entree|carte d entree|matrice d entree|"
    "eingabe|eingabe feature map|eingabebild|bild|eingang|eingabevolumen|input bild|eingabegrosse|"
    "imagem|imagem de entrada|volume de entrada|mapa de recursos|mapa de caracteristicas|"
    "输入|输入图片|输入图像|图片|图像|输入特征图|特征图|输入尺寸|输入大小|输入数据|изображение|вход",
    "MAPS": "feature map(s)|activation map(s)|map(s)|output map(s)|featuremap(s)|response map(s)|feature plane(s)|"
    "mapp(a/e)|mapp(a/e) delle caratteristiche|mapp(a/e) di caratteristiche|mapp(a/e) di attivazione|mapa(s)|mapa(s) de caracteristicas|mapa(s) de activacion|"
    "mapa(s) de atributos|carte(s)|carte(s) de caracteristiques|cartes d activation|merkmalskarte(n)|карта признаков|карте признаков",
    "INMAPS": "input map(s)|input feature map(s)|mappe in ingresso|mappe di input|mappe di ingresso|mapas de entrada|input planes",
    "FILTER": "filter|kernel|convolution(al) filter(s)|convolution(al) kernel(s)|conv filter(s)|conv kernel(s)|filter bank|mask(s)|window(s)|pool size|pool_size|"
    "pooling window|pool window|filter window(s)|"
    "kernel_size|kernel size(s)|filter size(s)|filter width|kernel width|filter dimension(s)|kernel dimension(s)|size of the kernel|size of the filter(s)|window size|filter shape|pooling size|"
    "filtro|kernel convoluzional(e/i)|filtr(o/i) convoluzional(e/i)|finestr(a/e)|nucle(o/i)|dimensione del kernel|dimensione del filtro|dimensione kernel|"
    "filtro(s) convolucional(es)|filtro(s) convolucional(es) 2d|nucleo|ventana(s)|tamano de kernel|tamano del kernel|tamano del filtro|tamano de filtro|"
    "filtre|filtre(s) convolutif(s)|noyau|taille de noyau|taille du noyau|fenetre|filtern|faltungsfilter|faltungskern(e)|faltungskernel|"
    "filtro(s) convolucional|filtro(s) convolucionais|janela|tamanho do kernel|卷积核|滤波器|卷积核大小|滤波|过滤器|kernel_size|ядро|фильтр|фильтров|receptive field filter",
    "FILTERS": "filters|kernels|filtri|filtros|filtres|noyaux|nucleos|kernels convoluzionali",
    "CHANNELS": "channel(s)|deep|plane(s)|canal(e/i)|canal(es)|canaux|kanal(e)|kanale|kanalen|canais|通道|通道数|каналов|colou(r) channels|color channel(s)|colour channel(s)|channel count|channel depth",
    "DEPTH": "depth|profondita|profundidad|profondeur|tiefe|profundidade|深度|number of channels|depth of",
    "INCH": "input channel(s)|in channel(s)|in_channels|input depth|incoming channel(s)|input plane(s)|canal(e/i) di input|canal(e/i) di ingresso|canal(e/i) in ingresso|canal(e/i) in input|"
    "canal(es) de entrada|canaux d entree|eingangskanal(e)|eingabekanal(e)|eingangskanale|eingangskanalen|eingabekanale|eingabekanalen|canais de entrada|输入通道|输入通道数|number of input channels|numero di canali di ingresso|c_in",
    "OUTCH": "output channel(s)|out channel(s)|out_channels|output depth|number of filters|number of kernels|output plane(s)|no of filters|"
    "output feature planes|canal(e/i) di output|canal(e/i) di uscita|canal(e/i) in uscita|canal(e/i) in output|"
    "canal(es) de salida|canaux de sortie|ausgangskanal(e)|ausgabekanal(e)|ausgangskanale|ausgangskanalen|ausgabekanalen|canais de saida|输出通道|输出通道数|numero di filtri|numero de filtros|nombre de filtres|c_out",
    "IOCH": "input and output channel(s)|channels in and out|in and out channel(s)|canales de entrada y salida|canali di ingresso e uscita|canali in ingresso e in uscita|"
    "canali di input e output|canales de entrada y de salida|input and output channels both|channels throughout|channels in both input and output|"
    "channels everywhere|input and output depth",
    "UNITS": "neuron(s)|unit(s)|node(s)|hidden unit(s)|hidden neuron(s)|hidden node(s)|output unit(s)|output neuron(s)|output node(s)|neuron(e/i)|neuron(e/i) nascosti|neuron(e/i) di output|neuron(e/i) di uscita|unita|nod(o/i)|"
    "neurona(s)|neurona(s) oculta(s)|neurona(s) de salida|unidad(es)|nodos|neurone(s)|unite(s)|neuronen|neuron|einheit(en)|knoten|neuronio(s)|unidade(s)|神经元|neurones caches|unidades ocultas|个神经元|"
    "dense units",
    "OUTPUTS": "输出|output(s)|output class(es)|uscit(a/e)|salida(s)|sortie(s)|saida(s)|ausgange|target classes",
    "CLASSES": "class(es)|categor(y/ies)|classi|clase(s)|klassen|classe(s)|labels|digit classes|类别|类|object classes|object categories",
    "HIDDEN": "hidden layer(s)|hidden|strat(o/i) nascost(o/i)|capa(s) oculta(s)|oculta(s)|couche(s) cachee(s)|livell(o/i) nascost(o/i)|versteckte schicht(en)|camada(s) oculta(s)|nascost(o/i/a/e)|隐藏层",
    "OUTLAYER": "output layer|strato di output|strato di uscita|capa de salida|couche de sortie|ausgabeschicht|camada de saida|livello di uscita|classifier|classification layer|classificatore|clasificador|输出层",
    "LAYER": "layer(s)|strat(o/i)|livell(o/i)|capa(s)|couche(s)|schicht(en)|camada(s)|层|一层|stage(s)|слой",
    "NET": "network(s)|net(s)|cnn(s)|convnet(s)|model(s)|neural network(s)|convolutional neural network(s)|convolutional network(s)|conv net(s)|architecture(s)|stack|pipeline|"
    "ret(e/i)|rete neurale|reti neurali|rete convoluzionale|rete neurale convoluzionale|modell(o/i)|architettura|red|red(es)|red neuronal|red neuronal convolucional|red convolucional|"
    "modelo(s)|arquitectura|reseau|modele|netz|netzwerk|modell|rede|arquitetura|网络|模型|сеть|encoder|decoder|generator|classifier network|tower|head|backbone|stem",
    "MLP": "mlp|softmax regression|multinomial regression|multinomial logistic regression|logistic regression|linear classifier|linear regression|regressione multinomiale|regressione logistica|regressione softmax|regresion multinomial|regresion logistica|regresion softmax|classificatore lineare|clasificador lineal|multilayer perceptron|multi layer perceptron|feedforward|feed forward|feedforward network|feed forward network|feedforward neural network|feedforward net|perceptron|perceptron multicapa|perceptrone|percettrone|"
    "percettrone multistrato|dense network|fully connected network|fully connected neural network|fully connected net|dense net|rete fully connected|rete feedforward|rete densa|red feedforward|red densa|red totalmente conectada|"
    "rete completamente connessa|rete feed forward|red neuronal densa|ann|全连接网络|red neuronal totalmente conectada",
    "STRIDE": "stride(s)|stride length|step size|passo|passi|paso(s)|pas|foulee|schrittweite|passada|步长|步幅|stride of|strided|шаг|strides of|pool_stride|salto",
    "PAD": "padding(s)|pad(s)|padded|zero padding|zero padded|zeropadding|zero pad|amount of padding|padding amount|padding size|riempimento|imbottitura|relleno(s)|rembourrage|marge|bourrage|auffullung|preenchimento|填充|zero padding of|"
    "relleno de ceros|relleno con ceros|padding di zeri|padding con zeri|border padding|symmetric padding|паддинг|zeros around the border|border of zeros|pixels of padding|pixel of padding|pixel padding|rows of zeros|zero border",
    "OUTPAD": "output padding|output_padding",
    "DILATION": "rate|rates|dilation rates|dilation factors|dilation|dilation rate|dilation_rate|dilation factor|dilated|atrous|atrous rate|dilations|dilatazione|fattore di dilatazione|dilatat(o/a)|dilatacion(es)|dilatada(s)|factor de dilatacion|tasa de dilatacion|taux de dilatation|空洞率|空洞|"
    "dilatation|膨胀率|扩张率",
    "GROUPS": "group(s)|gruppi|gruppo|grupo(s)|groupe(s)|gruppen|分组",
    "BIAS": "bias|biases|bias term(s)|bias parameter(s)|bias weight|sesgo(s)|biais|bias terme|бias|偏置|termini di bias|termino(s) de sesgo|vies|vieses|bias parameters",
    "BATCH": "batch size|batch|batch of|mini batch|mini batch of|minibatch|minibatch of|batch_size|lote|dimensione del batch|batch di|tamano de lote|lote de|batch de|批大小",
    "SIZE": "size(s)|shape(s)|dimension(s)|spatial size|spatial dimension(s)|resolution|height and width|width and height|side|sized|of size|spatial extent|extent|pixels by|spatial resolution|"
    "dimension(e/i)|dimensione spaziale|dimensioni spaziali|dimensioni|grandezza|tamano(s)|dimension(es)|forma|taille(s)|grosse|große|grosse von|form|tamanho|formato|大小|尺寸|形状|размер|размером|lato|lado|de tamano|di dimensione|di dimensioni",
    "HEIGHT": "height|altezza|altura|alto|hauteur|hohe|高|高度",
    "WIDTH": "width|wide|larghezza|ancho|anchura|largeur|breite|largura|宽|宽度|cols|columns wide",
    "LENGTH": "length|timesteps|time steps|long|lunghezza|longitud|longueur|lange|comprimento|长度|samples long|steps",
    "PIXELS": "pixel(s)|px|pixel(es)|pixeles|piksel|像素|pels",
    "FEATURES": "features|feature|caratteristiche|caracteristicas|attributes|features per timestep|variables|predictors|variabili",
    # --- modes ------------------------------------------------------------------------------------
    "SAME": "same|same padding|padding same|half padding|preserving size|size preserving|keeping the size|keeps the size|keeps spatial size|keeping the spatial size|preserving the spatial size|preserves the size|"
    "padded to keep the size|padded to keep the same size|padded to preserve the size|padding to preserve size|that preserves spatial size|that preserves the spatial size|preserving resolution|保持尺寸|保持大小|"
    "mantenendo la dimensione|che mantiene la dimensione|conservando el tamano|que conserva el tamano|manteniendo el tamano|con padding same|con padding same|auto_pad same|same size padding|relleno same",
    "VALID": "valid|valid padding|padding valid|valida|valide|valido|modalita valid|unpadded|con padding valid|relleno valid|validas",
    "NONSQUARE": "non square|non quadrata|non quadrato|no cuadrada|nonsquare",
    "KEEPS": "keep the size|keep the same size|keeps the size|keeps the same size|keep the output size|preserve the size|preserve the spatial size|preserves the size|preserve the input size|keep the spatial size|keep the input size|same size as the input|same spatial size as the input|same spatial dimensions as the input|same dimensions as the input|same output size|same output size as the input|same height and width as the input|output the same size as the input|"
    "output size equal to the input size|keep the spatial dimensions|keep the spatial dimensions unchanged|keep the dimensions|keep the resolution|preserve the resolution|preserve the spatial dimensions|preserve spatial dimensions|preserve spatial size|maintain the size|maintain the same size|maintain the spatial size|maintain the spatial dimensions|leaves the size unchanged|leave the size unchanged|size unchanged|output has the same size|output to have the same size|"
    "mantenere la dimensione|mantenere la stessa dimensione|mantenere invariata la dimensione|conservare la dimensione|conserva la dimensione|mantiene la dimensione|mantenere le dimensioni|mantenere le dimensioni spaziali|stessa dimensione dell input|stessa dimensione dell ingresso|stesse dimensioni dell input|stesse dimensioni dell ingresso|stessa dimensione|l uscita abbia la stessa dimensione|"
    "mantener el tamano|mantener el mismo tamano|conservar el tamano|preservar el tamano|mantenga el tamano|mantenga el mismo tamano|conserve el tamano|mismo tamano que la entrada|mismas dimensiones que la entrada|mismo tamano de la entrada|mismo tamano",
    "FITS": "can stride|does stride|does it fit|fit exactly|fits exactly|does the stride fit|is it valid|is stride|is a stride of|does the filter fit|do the neurons fit|si puo usare|si puo usare lo stride|se puede usar|se puede usar un stride|encaja|entra esattamente|can we use stride|can we use a stride of|works with stride|is the stride valid|is this stride valid|is this a valid configuration|possible to use stride|is it possible to use stride",
    "EQUIV": "which convolution replaces it|which convolution replaces this layer|which convolutional layer replaces it|replaced by a convolution|replaces it|as a convolution|as convolution|as a convolutional layer|written as convolution|written as a convolution|converted to a convolution|converted into a convolution|converted to a convolutional layer|equivalent convolution|equivalent convolutional layer|equivalent conv layer|expressed as a convolution|implemented as a convolution|come convoluzione|come una convoluzione|come strato convoluzionale|convoluzione equivalente|strato convoluzionale equivalente|como convolucion|como una convolucion|convolucion equivalente|capa convolucional equivalente",
    "UNSHARED": "did not share weights|does not share weights|do not share weights|without weight sharing|no weight sharing|without parameter sharing|no parameter sharing|weights are not shared|weights were not shared|parameters are not shared|parameters were not shared|not share weights|not share parameters|unshared weights|unshared|untied weights|untied|senza condivisione dei pesi|senza condivisione dei parametri|senza pesi condivisi|non condivide i pesi|non condividesse i pesi|non condividessero i pesi|sin compartir pesos|sin compartir los pesos|sin pesos compartidos|sin parametros compartidos|no compartiera pesos|no compartiera los pesos|did not use parameter sharing|without sharing weights|without sharing parameters|weights not shared|not shared",
    "PATCH": "region|patch|area|neighborhood|neighbourhood|regione|zona|region of",
    "NOPAD": "no padding|without padding|no zero padding|without zero padding|zero padding is not used|no pad|without any padding|padding is not used|not padded|senza padding|senza riempimento|nessun padding|niente padding|senza zero padding|padding nullo|"
    "sin padding|sin relleno|sin rellenos|sin zero padding|ningun relleno|no se agrega relleno|sans padding|sans marge|sans rembourrage|sans bourrage|kein padding|ohne padding|ohne auffullung|sem padding|sem preenchimento|无填充|不填充|不加填充|no border|padding none",
    "WITHPAD": "with padding|with zero padding|con padding|con relleno|avec padding|mit padding|com padding|padding on|using padding|con zero padding",
    "FULLPAD": "full padding|padding full|convoluzione full|convolucion full|modo full",
    "CEIL": "ceil_mode|ceil mode|ceil rule|ceiling|rounding up|rounded up|ceil",
    "FLOORMODE": "floor|floor rule|floor mode|rounding down|rounded down",
    "NOBIAS": "no bias|no biases|without bias|without biases|without a bias|without bias terms|bias free|ignoring bias|ignoring biases|ignore bias|ignore biases|ignore the bias|ignore the biases|ignoring the bias|ignoring the biases|excluding bias|excluding biases|"
    "excluding the bias|neglecting bias|neglecting biases|neglect bias|neglect biases|no bias term(s)|no bias anywhere|bias is not used|biases are not used|no bias is used|bias not counted|not counting bias(es)|without counting bias(es)|without the bias|without the biases|disregarding bias|bias excluded|biases excluded|"
    "bias ignored|biases ignored|disregard bias|disregard biases|disregard the bias|disregard the biases|omit bias|omit biases|omitting biases|omitting bias|do not count bias(es)|no biases anywhere|"
    "senza contare i bias|senza contare il bias|non contando i bias|senza considerare i bias|senza considerare il bias|bias escluso|bias esclusi|senza bias|senza i bias|senza il bias|ignorando i bias|ignorando il bias|ignora i bias|ignora il bias|escludendo i bias|escluso il bias|esclusi i bias|trascurando i bias|trascurando il bias|nessun bias|non contare i bias|trascura i bias|"
    "sin considerar sesgos|sin considerar los sesgos|sin considerar el sesgo|sin tener en cuenta los sesgos|sin tener en cuenta el sesgo|sin contar bias|sin incluir sesgos|sin incluir los sesgos|sin sesgo|sin sesgos|sin bias|sin contar sesgos|sin contar los sesgos|sin contar el sesgo|ignorando los sesgos|ignorando el sesgo|ignora los sesgos|ignora el sesgo|excluyendo los sesgos|excluyendo sesgos|sin los sesgos|sin el sesgo|no sesgo|"
    "sans biais|ohne bias|sem bias|sem vies|不计偏置|不考虑偏置|无偏置|没有偏置|忽略偏置|bias free",
    "WITHBIAS": "with bias|with biases|including bias|including biases|including the bias|including the biases|include bias|include biases|include the bias|include the biases|including bias parameters|including the bias parameters|bias included|biases included|counting bias(es)|counting the biases|with the biases|and bias included|with a bias|"
    "including bias terms|including all biases|including the bias terms|do not forget biases|do not forget the biases|do not forget bias|don t forget biases|don t forget the biases|don t forget the bias|bias counted|biases counted|plus bias|plus biases|one bias per filter|a bias per filter|one bias each|a bias each|with one bias|with one bias each|with one bias per filter|with one bias per kernel|"
    "with bias terms|biases too|bias too|bias as well|with one bias per output channel|one bias per output channel|each filter has a bias|each filter has one bias|every filter has a bias|a single bias per filter|one bias per map|"
    "bias inclusi|bias incluso|con bias|compresi i bias|compreso il bias|includendo i bias|includendo il bias|inclusi i bias|incluso il bias|con i bias|bias compresi|bias compreso|contando i bias|un bias per filtro|con un bias per filtro|"
    "con sesgo|con sesgos|incluyendo sesgos|incluyendo los sesgos|incluyendo el sesgo|incluidos los sesgos|incluido el sesgo|sesgos incluidos|sesgo incluido|contando los sesgos|contando sesgos|un sesgo por filtro|con un sesgo por filtro|con un sesgo por cada filtro|"
    "biais compris|avec biais|y compris les biais|biais inclus|mit bias|inklusive bias|einschliesslich bias|com bias|incluindo bias|incluindo vies|incluindo os vieses|含偏置|包括偏置|包含偏置|考虑偏置|加偏置",
    # --- colours, orders ---------------------------------------------------------------------------
    "RGB": "rgb|colour|color|coloured|colored|a colori|en color|a color|en couleur|couleur|farbbild|colorida|colour image|彩色|color image|three colour channels",
    "GREY": "grey|gray|grey scale|gray scale|greyscale|grayscale|monochrome|black and white|in scala di grigi|scala di grigi|scale di grigi|livelli di grigio|bianco e nero|en escala de grises|escala de grises|blanco y negro|niveaux de gris|graustufen|"
    "graustufenbild|tons de cinza|灰度|b w|single channel|one channel|un solo canale|un solo canal|mono channel|a singolo canale|de un canal|de un solo canal|canale singolo|ad un canale|monocanale",
    "FIRSTAXIS": "channels first|channels_first|nchw|chw|channel first|canali per primi|canales primero|c h w|n c h w|pytorch layout",
    "LASTAXIS": "channels last|channels_last|nhwc|hwc|channel last|h w c",
    "KERAS": "keras|tf keras|tensorflow|tf|tf nn|keras layers",
    "TORCH": "pytorch|torch|nn module",
    "CAFFE": "caffe",
    "GRID": "grid|grid cells|griglia|griglia di celle|cuadricula|rejilla|grilla|raster",
    "ANCHORS": "anchor box(es)|anchor(s)|prior box(es)|ancore|anchor per cella|anclas|cajas ancla",
    "BOXES": "bounding box(es)|box(es)|boxes per cell|bounding boxes per cell|riquadri|cajas|cajas delimitadoras|boites",
    "PERBOX": "coded per box|scores per box|each box has its own classes|each box predicts its own classes|per anchor|per anchor box|for each box|for each anchor|per bounding box|for every box|per ogni box|por cada caja|per box",
    "PERCELL": "per cell|per grid cell|for each cell|for each grid cell|one set of classes per cell|per cella|por celda",
    "LANDMARKS": "landmark(s)|facial landmark(s)|keypoint(s)|key point(s)|punti chiave|puntos clave|punti di riferimento",
    "SPLIT": "split over|split across|split between|split among|divided over|divided across|divided between|distributed over|spread over|diviso su|divisa su|dividido entre|repartido en|suddiviso su",
    "GPUS": "gpu(s)|graphics cards",
    "PAIRED": "in pairs|two at a time|two in a row each time|a coppie|in coppia|de dos en dos|en pares|a due a due",
    "CROP": "with crop|with cropping|with crops|with cropped skip connections|with crop and concatenation|con ritaglio|con recorte",
    "THANDIRECT": "than the direct|than a direct|than one direct|than a single|than the single|than a plain|than the plain|than doing directly a|rispetto alla diretta|que la directa|than a direct conv|than directly a",
    # --- joints -----------------------------------------------------------------------------------
    "THEN": "then|followed by|next|after that|afterwards|after which|followed|subsequently|and then|finally|feeding|feeds|fed to|fed into|goes into|goes to|passes through|and finally|which is followed by|is followed by|are followed by|leading to|"
    "poi|seguit(o/a/i/e) da|quindi|e dopo|dopodiche|infine|e poi|segue|seguono|seguito da un|luego|despues|seguid(o/a) de|seguid(o/a) por|y luego|entonces|finalmente|por ultimo|seguidas de|seguidos de|puis|suivi(e) de|suivie d|ensuite|enfin|dann|gefolgt von|danach|anschliessend|depois|seguid(o/a) por|em seguida|"
    "然后|接着|再|之后|最后|后接|接",
    "VS": "with those of|with that of|with those for|to those of|to that of|con quelli di|con quello di|con los de|con las de|con el de|versus|vs|compared with|compared to|against|instead of|rather than|as opposed to|contro|rispetto a|invece di|al posto di|confronto|frente a|en lugar de|en vez de|comparado con|contra|au lieu de|gegenuber|statt|anstatt|im vergleich zu|em vez de|比较|相比|contre|invece che|comparada con|comparados con|en comparacion con|a confronto con|in confronto a|replaced by|replaced with|in place of",
    "AND": "and|e|ed|y|und|et|和|与|及|plus|以及|as well as|加",
    "OR": "or|oppure|oder|ou|或|或者",
    "FROM": "from|da|desde|von|depuis",
    "TO": "to|into|a|hasta|vers|verso",
    "ON": "on|over|onto|see|read|reads|looks at|look at|applied to|applied on|apply to|to an|to a|takes|take|takes as input|accepts|receives|gets|given|processes|su|su un|su una|sull|sulla|sullo|applicat(o/a/i/e) a|applicat(o/a) ad|sobre|sobre una|aplicad(o/a) a|aplica a|se aplica a|applique a|appliquee a|sur|auf|angewendet auf|em|aplicad(o/a) a|acting on|run on|running on|operating on|across|fed with|sees|prende|riceve|recibe|toma|processing|slid over|slides over|sliding over|with images|con immagini|con imagenes",
    "GIVES": "gives|give|yields|produces|produce|outputs|returns|restituisce|produce|results in|giving|resulting in|producing|that produces|gives an output of|to get|to obtain|to produce|get|gets|obtain|yielding|da|dando|produciendo|da como resultado|"
    "devuelve|resulta|para obtener|para producir|per ottenere|per produrre|ottenere|is reduced to|become|becomes|maps to|outputting|shrinks to|generates|generate",
    "OF": "of|di|de|von|des|der|del|della|dello|degli|delle|dei|dell|d|du|do|das|of the|each of",
    "WITH": "with|con|avec|mit|com|using|use|uses|used|has|have|having|usando|con l|utilizzando|tiene|ha|hanno|avec une|用|使用|采用|带有|contains|containing|contiene|consists of|consisting of|employs|composed of|made of|che usa|que usa|usa",
    "THIS": "this|that|these|questo|questa|quest|este|esta|ese|esa|cette|ce|diese|dieser|dieses|该|这|such|said",
    "FOR": "for|per|para|pour|fur|对于|if|se|si|wenn|when|quando|cuando",
    "EACH": "each|every|per|each layer|per layer|every layer|for each layer|of each layer|for every layer|at each layer|layer by layer|after each layer|after every layer|at every layer|by layer|each stage|at each stage|after each stage|each step|after each step|after each operation|of each|for each|individually|respectively|step by step|"
    "ogni|ciascun(o/a)|per ogni strato|di ogni strato|ogni strato|per strato|ciascuno strato|di ciascuno strato|per ciascuno strato|dopo ogni strato|strato per strato|di ogni layer|ogni layer|per ogni layer|di ciascun layer|dopo ogni livello|ogni livello|"
    "cada|cada capa|de cada capa|por capa|para cada capa|en cada capa|capa por capa|cada una|tras cada capa|despues de cada capa|chaque|chaque couche|par couche|de chaque couche|apres chaque couche|jede|jeder|jedes|pro schicht|jeder schicht|cada camada|de cada camada|por camada|每一层|每层|每|各层|of all layers|for all layers|all layers|all the layers|di tutti gli strati|tutti gli strati|todas las capas",
    "TOTAL": "total|in total|overall|altogether|whole|whole network|entire|entire network|of the whole net|of the whole network|of the network|in the network|of the entire network|in the whole network|in all|all together|combined|of the net|of the model|in the model|"
    "totale|totali|in totale|complessivamente|complessiv(o/i)|della rete|dell intera rete|nella rete|nel complesso|della rete intera|del modello|en total|totales|total(es)|de la red|de toda la red|toda la red|del modelo|au total|totaux|du reseau|insgesamt|gesamt|gesamte|des netzes|no total|totais|da rede|总|总共|一共|总数|sum|tutta la rete|di tutta la rete|en toda la red|en la red|todo el modelo",
    "LAST": "last|final|last layer|final layer|ultim(o/a)|ultimo strato|ultima capa|derniere|dernier|letzte(n)|letzter|ultima camada|最后一层|deepest|final layer",
    "NEXTLAYER": "next layer|the next layer|strato successivo|livello successivo|siguiente capa|capa siguiente|couche suivante|nachste schicht|proxima camada|下一层|subsequent layer",
    "HOWMANY": "how many|how much|quanti|quante|quanto|quanta|cuantos|cuantas|cuanto|cuanta|combien|combien de|wie viele|wie viel|quantos|quantas|多少|几个|number of|the number of|total number of|numero di|il numero di|numero de|nombre de|anzahl|anzahl der|numero totale di|numero total de|count of|what number of|сколько|number of total|total count of|cantidad de|el numero de|numero complessivo di",
    "WHAT": "what|which|what is|what are|qual|quale|quali|cual|cuales|que|quel|quelle|quels|quelles|was|welche|welcher|welches|wie|qual e|cosa|che|什么|是多少|how|how big|how large|how wide|where|why|when|does|do|can|could|would|will|should|did|may|must|who|compute|calculate|"
    "find|determine|give|show|derive|state|write|write down|report|tell|list|work out|estimate|evaluate|consider|assume|assuming|suppose|suppose that|let|say|imagine|what s|what would|what does|calcola|calcolare|trova|trovare|determina|determinare|indica|scrivi|"
    "calcule|calcula|calcular|halla|hallar|encuentra|encontrar|determine|indique|escribe|obtener|calculer|trouver|donner|donnez|berechne|berechnen|bestimme|qual o|quais|calcule|求|计算|为多少|请|问|какова|какой|каков|cual es|quanto e|quanto vale|quanto misura|quanto e grande|como|comment|por que|perche",
    "TABLE": "fill in|fill|complete|complete the table|completare|completa|completar|complete la tabla|column(s)|colonn(a/e)|columna(s)|summary|model summary|rows|row by row|each row|table|tabella|tabla|per layer table",
    "RELATION": "ratio|how many times|how much cheaper|cheaper|saved|saving(s)|difference|reduction|reduction factor|percentage|percent|share|lost|lose|relation|relacion|rapporto|differenza|diferencia|risparmio|ahorro|risparmiati|ahorran|factor|fattore|how many more|how many fewer|how much smaller|how much larger|fewer|more than|quanti in piu|quante in piu|quanti in meno|cuantos mas|cuantos menos|ratio of|compare|confronta|compara|comparar|confrontare|which has more|which has fewer|which is larger|which uses more|quale ha piu|cual tiene mas|share of|how many times more|how many times fewer|than|de cuanto|by how much|in che rapporto|比例|比值|倍",
    "LABEL": "example|exercise|question|quiz|problem|task|part|esempio|esercizio|domanda|problema|ejemplo|ejercicio|pregunta|exemple|exercice|aufgabe|beispiel|exemplo|exercicio|figure|fig|interview|exam|parte|module|week|figura",
    "BLOCK": "block(s)|blocchi|blocco|bloque(s)|bloc(s)|module(s)|unit block",
    "RESIDUAL": "residual|residual block(s)|residual unit|res block|blocco residuo|blocchi residui|bloque residual|bloques residuales|bloc residuel|add input|adds the input|add the input|identity shortcut|shortcut connection|identity skip connection",
    "EXPECTED": "i expected|i get|i got|i thought|i think|i calculated|i obtain|i obtained|i computed|is it|my answer is|my result is|mi viene|ottengo|ho ottenuto|pensavo|credo sia|obtengo|me da|me sale|yo obtuve|creo que es|j obtiens|je trouve|i think it is|should be|shouldn t it be|my friend says|a student says|the student says|someone says",
    "COME": "come from|comes from|viene da|proviene|viene de|coming from",
    "BE": "is|are|was|were|be|sono|ist|sind|es|son|sont|est|sao|equals|siano|sia|sea|sean|being",
    "SOME": "some|several|various|alcuni|alcune|algunos|algunas|varios|varias|diversi|diverse|a few|quelques|plusieurs|einige|mehrere|alguns|algumas",
    "BOUND": "at most|at least|up to|maximum|minimum|almeno|al massimo|al mas|como maximo|al menos|como minimo|no more than|less than|fewer than|au moins|au plus|mindestens|hochstens|no maximo|pelo menos|massimo|minimo|至少|最多",
    "OUTW": "out",
    "BEFORE": "before|before the|prima di|prima del|prima della|prima dello|antes de|antes del|avant|vor dem|vor der",
    "AFTER": "after|dopo|despues de|tras|apres|nach|depois de|after the|dopo il|dopo la|dopo un|dopo una|despues del|despues de un|despues de una|despues de la|tras el|tras la|tras un|tras una",
    "FOLLOWS": "follows|segue a|sigue a|viene dopo|comes after|viene despues de",
    "NOT": "not|don t|doesn t|isn t|non|no|sin|sans|kein|keine|nicht|nao|不|didn t|without|senza",
    "OLDER": "previous|preceding|precedente|anterior|vorherige",
}

QUANTITIES: dict[str, str] = {
    "output": "what happens to the spatial size|what happens to the size|what happens to the spatial dimensions|what happens to the dimensions|what happens to the shape|size of the convolved image|size of the convolved output|convolved image size|size of the pooled image|size of the pooled map|size of the pooled feature map|dimensions of the convolved image|final dimensions|dimensiones finales|dimensioni finali|size at the end|spatial size at the end|size of the result|resulting spatial size|shape at the end|dimensions at the end|output size|output shape|output dimension(s)|output volume|output volume size|output volume shape|output volume dimension(s)|output resolution|size of the output|shape of the output|dimension(s) of the output|size of the output volume|dimensions of the output volume|shape of the output volume|output tensor shape|output tensor size|output tensor|"
    "output spatial size|output spatial dimension(s)|spatial size of the output|spatial dimension(s) of the output|spatial output size|output feature map size|output feature map dimension(s)|output feature map shape|size of the output feature map(s)|size of the feature map(s)|feature map size(s)|feature map dimension(s)|size of the resulting feature map(s)|resulting feature map(s)|resulting size|resulting shape|resulting dimension(s)|resulting volume|resulting output|"
    "dimension(s) of the feature map(s)|dimension(s) of the output feature map(s)|shape of the feature map(s)|shape of the output feature map(s)|size of output|shape of output|spatial size of the feature map(s)|new size|new spatial size|new shape|new dimension(s)|new volume|output map size|size of the output map(s)|output matrix size|output matrix|size of the output matrix|"
    "output feature map(s)|output height and width|output width and height|output width|output height|output side|height and width of the output|width and height of the output|size of the output image|output image size|output length|length of the output|final size|final shape|final output size|final output shape|final feature map size|final output|final spatial size|final dimension(s)|final volume|output activation size|output activation volume|"
    "output shape(s)|shape after|size after|sizes after|dimension(s) after|what size|what shape|which size|which shape|what dimension(s)|how big is the output|how large is the output|how big|what comes out|comes out|what size comes out|activation shape|activation dimension(s)|activation size|activation volume|activation map size|size of the activation map(s)|dimension(s) of the activation map(s)|output map(s) size|"
    "resulting activation map(s)|dimensionality of the output|output dimensionality|size of the resulting volume|size of the resulting output|shape of the resulting tensor|resulting tensor|size of the resulting image|dimension(s) of the resulting volume|downsampled layer|size of the downsampled layer|size of the activation volume|"
    "dimension(e/i) dell output|dimension(e/i) di output|dimension(e/i) output|dimension(e/i) dell uscita|dimension(e/i) di uscita|dimension(e/i) del volume di output|dimension(e/i) del volume di uscita|dimension(e/i) del volume in uscita|dimension(e/i) dell output volume|output ha dimension(e/i)|forma dell output|forma di output|forma dell uscita|dimension(e/i) della mappa|dimension(e/i) della mappa di uscita|dimension(e/i) della feature map|dimension(e/i) della feature map di uscita|dimension(e/i) delle mappe|dimension(e/i) delle feature map|volume di output|volume di uscita|volume in uscita|dimension(e/i) finale|dimension(e/i) finali|"
    "dimension(e/i) spazial(e/i) dell output|dimension(e/i) della mappa di output|dimension(e/i) dell output finale|dimension(e/i) in uscita|dimension(e/i) delle mappe di caratteristiche|quanto e grande l output|quanto e grande l uscita|quanto misura l uscita|output shape|forma del tensore di output|forma del tensore di uscita|dimension(e/i) risultante|mappa risultante|"
    "tamano de (la) salida|tamanos de salida|forma de (la) salida|dimension(es) de (la) salida|volumen de salida|tamano del volumen de salida|dimensiones del volumen de salida|forma del mapa de salida|tamano del mapa de salida|tamano del mapa de caracteristicas|tamano de los mapas de caracteristicas|dimensiones del mapa de caracteristicas|dimension de la salida|mapa de salida|tamano final|tamano resultante|forma del tensor de salida|tamano espacial de la salida|tamano espacial|dimensiones espaciales de la salida|"
    "dimensiones finales|forma final|tamano del mapa de activacion|que tamano tiene la salida|que tamano tendra la salida|out shape|tamano de la imagen de salida|dimensiones de la imagen de salida|"
    "taille de (la) sortie|tailles de (la) sortie|forme de (la) sortie|dimension(s) de (la) sortie|volume de sortie|forme de la carte de sortie|taille de la carte de sortie|taille du volume de sortie|dimensions de la carte de caracteristiques|forme du tenseur de sortie|carte de sortie|ausgabegrosse|ausgabeform|grosse der ausgabe|form der ausgabe|welche form hat die ausgabe|ausgabedimension|output grosse|ausgabe|"
    "tamanho da saida|tamanho de saida|formato da saida|formato do mapa de saida|dimens(ao/oes) da saida|forma da saida|mapa de saida|volume de saida|"
    "输出大小|输出尺寸|输出形状|输出特征图大小|输出特征图尺寸|输出特征图的大小|输出特征图的尺寸|输出的大小|输出的尺寸|输出维度|输出图像大小|特征图大小|特征图尺寸|输出特征图|输出图片大小|输出是多大|размер выхода|размерность выхода|размер выходной карты|выхода|выход",
    "params": "parameter(s)|param|params|number of parameters|parameter count|trainable parameter(s)|learnable parameter(s)|free parameter(s)|independent parameter(s)|trainable params|trainable weights and biases|learned parameter(s)|learning parameters|model parameters|parameters to learn|parameters to train|parameters to optimise|parameters to optimize|parameter number|adjustable parameters|total params|tunable parameters|network parameters|model size in parameters|weights and biases|weights plus biases|"
    "weights with biases|parameters in total|param count|"
    "parametr(o/i)|parametr(o/i) addestrabil(e/i)|parametri apprendibili|parametri da apprendere|parametri allenabili|parametri liberi|numero di parametri|parametri totali|pesi e bias|pesi piu bias|parametri apprendibil(e/i)|"
    "parametro(s)|parametros entrenables|parametros aprendibles|parametros a aprender|parametros totales|parametros libres|numero de parametros|pesos y sesgos|pesos mas sesgos|pesos y bias|"
    "parametre(s)|parametres a apprendre|parametres entrainables|nombre de parametres|parametres apprenables|parameteranzahl|parametern|trainierbare parameter|anzahl der parameter|parametro(s) treinaveis|parametros aprendiveis|参数|参数量|参数个数|参数数量|可训练参数|可学习参数|训练参数|个参数|параметров|параметры",
    "weights": "weight(s)|connection weight(s)|number of weights|kernel weights|weight count|peso|pesi|numero di pesi|pesos|numero de pesos|poids|gewichte|权重|权重数|весов|synaptic weights|shared weights",
    "biases": "number of biases|how many biases|quanti bias|numero di bias|cuantos sesgos|numero de sesgos|biases|sesgos|biais",
    "macs": "mac|macs|multiply accumulate(s)|multiply accumulate operation(s)|multiply add(s)|mult adds|madds|multiply and accumulate operations|multiply accumulations|operazioni mac|operaciones mac|multiplicaciones y acumulaciones|multiply add operations|乘加运算|乘加次数|乘累加|moltiplicazioni e accumuli|moltiplicazioni accumulo|multiplicacion acumulacion",
    "mults": "multiplication(s)|multiplies|number of multiplications|scalar multiplications|multiplication operations|moltiplicazion(e/i)|multiplicaci(on/ones)|multiplicaciones|multiplication|multiplikation(en)|multiplicac(ao/oes)|乘法|乘法次数|乘法运算|multiply operations",
    "flops": "flop|flops|floating point operation(s)|mflops|gflops|operazioni in virgola mobile|operaciones de punto flotante|operaciones en punto flotante|浮点运算|浮点运算次数|计算量|operations in floating point",
    "field": "receptive field(s)|receptive field size|size of the receptive field|effective receptive field|rf|field of view|theoretical receptive field|receptive field width|"
    "camp(o/i) recettiv(o/i)|camp(o/i) ricettiv(o/i)|dimensione del campo recettivo|dimensione del campo ricettivo|campo receptivo|campos receptivos|tamano del campo receptivo|champ(s) receptif(s)|champ recepteur|rezeptives feld|rezeptive feld|campo receptivo|感受野|感受野大小|рецептивное поле",
    "connections": "connection(s)|number of connections|connessioni|numero di connessioni|conexiones|numero de conexiones|connexions|verbindungen|conexoes|连接|连接数|synapses|links",
    "neurons": "how many values are in the output|how many values does the output have|how many numbers are in the output|how many elements are in the output|how many elements does the output have|number of elements in the output|number of values in the output|how many output numbers|quanti valori ha l uscita|quanti valori ha l output|cuantos valores tiene la salida|cuantos elementos tiene la salida|quanti elementi ha l output|number of neurons|how many neurons|how many units|number of units|number of activations|how many activations|output activations|total output activations|numero di neuroni|quanti neuroni|cuantas neuronas|numero de neuronas|combien de neurones|wie viele neuronen|quantos neuronios|quante unita|cuantas unidades|total activations|activation count|how many output values|how many output neurons|total output elements|how many output activations|number of output neurons|quante attivazioni|cuantas activaciones|number of output activations|how many nodes|output elements|numero de activaciones|numero di attivazioni",
    "memory": "memory|memory usage|memory footprint|memory requirement(s)|memory consumption|how much memory|bytes|kilobytes|megabytes|kb|mb|kib|mib|ram|storage|memoria|memoire|speicher|speicherbedarf|内存|显存|how many bytes|how many megabytes|quanti byte|cuantos bytes|storage size|quanta memoria|cuanta memoria|byte",
    "fan_in": "fan in|inputs per neuron|fan in of|connections per neuron|weights per neuron|connections of every neuron|connections of each neuron|inputs to each neuron|connessioni per neurone|pesi per neurone|conexiones por neurona|pesos por neurona|incoming connections per neuron|weights does each neuron have|connections does each neuron have|connections to the input|weights in each neuron|weights has each neuron|weights of each neuron",
    "fan_out": "fan out|fan out of",
    "padded": "padded size|size after padding|padded input size|dimension(s) after padding|shape after padding|padded dimension(s)|padded volume|padded input|padded image|size of the padded input|size of the padded image|dimensione dopo il padding|tamano despues del padding|tamano con padding|dimensione con padding|tamano tras el relleno",
    "features": "length of the resulting vector|length of the output vector|size of the resulting vector|length of the final vector|size of the output vector|lunghezza del vettore risultante|longitud del vector resultante|how many features enter|how many features enter the first linear|quante feature entrano|quante feature entrano nel|quante feature riceve|feature in ingresso al|cuantas caracteristicas entran|cuantas features entran|how many inputs does the first linear|how many inputs does the first dense|how many inputs does the dense layer|how many input features|number of input features|how many features|quante feature|cuantas caracteristicas|input size of the linear|input size of the first linear|flattened features|flattened size|flatten size|flattened vector|size of the flattened vector|length of the flattened vector|flattened length|flattened output size|in_features|input features of the linear|flattened dimension|features after flattening|size after flattening|length after flattening|flattened feature vector|number of features after flatten|input neurons|flatten output size|features after flatten|inputs of the first linear|inputs to the first linear|inputs to the first dense|"
    "feature dopo il flatten|dimensione dopo il flatten|dimensione del vettore appiattito|lunghezza del vettore appiattito|caracteristicas tras aplanar|tamano despues de aplanar|tamano tras aplanar|longitud del vector aplanado|tamano del vector aplanado|展平后|展平后的大小|length of the feature vector|elements after flattening|vector length after flattening|how many values after flattening|units after flattening|elements in the flattened vector|size of flattened vector|dimension of the flattened vector|in features",
    "kernel_shape": "kernel dimensions|weight shape|shape of the weight(s)|shape of the weight tensor|weight tensor shape|filter dimensions|kernel tensor shape|размерность весов|forma dei pesi|forma de los pesos|weight matrix shape|shape of the kernel tensor|shape of the weight matrix|forma del tensore dei pesi|size of the weight tensor|dimensions of the weight tensor|filter tensor shape",
    "im2col": "im2col|x_col|w_row|im2col matrix|im2col matrices|column matrix",
    "nontrainable": "non trainable parameter(s)|non trainable params|nontrainable parameters|non trainable|parametri non addestrabili|parametros no entrenables|non trainables",
    "lost": "how many pixels are lost|how many pixels lost|pixels are lost|pixels lost|how many pixels does it lose|how many pixels do we lose|how many pixels are lost per side|how many pixels get lost|quanti pixel si perdono|quanti pixel vengono persi|cuantos pixeles se pierden",
    "lost_share": "what share of the image is lost|what fraction of the image is lost|what percentage of the image is lost|what percent of the image is lost|which share of the image is lost|which fraction of the image is lost|what fraction of the pixels is lost|what percentage of the pixels is lost|what share of the pixels is lost|che percentuale dell immagine si perde|quale frazione dell immagine si perde|que porcentaje de la imagen se pierde|que fraccion de la imagen se pierde",
    "jump": "effective stride|cumulative stride|total stride|jump|output stride|overall stride|stride effettivo|stride efectivo|total downsampling factor|downsampling factor",
    "padding_q": "what must be the padding|what should be the padding|which must be the padding|what padding|which padding|how much padding|padding needed|padding required|padding is needed|padding is required|padding value|value of the padding|value of padding|padding needs|what amount of padding|what zero padding|which zero padding|how much zero padding|che padding|quale padding|quanto padding|que padding|que relleno|cuanto relleno|cuanto padding|cual es el padding|cual es el relleno|qual e il padding|what value of padding|what is the padding|what should the padding be|what must the padding be|valore del padding|valor del padding|valor de padding|padding should be used|padding must be used|padding should we use|padding do we need|padding do you need|de cuanto debe ser el relleno|de cuanto debe ser el padding|quel padding|welches padding|需要多少填充|padding应该是多少|填充多少|padding serve|padding bisogna usare|padding occorre|relleno se necesita|padding se necesita",
    "stride_q": "what must be the stride|what should be the stride|what stride|which stride|what is the stride|which value of stride|what value of stride|che stride|quale stride|que stride|que paso|cual es el stride|cual es el paso|qual e lo stride|qual e il passo|quale passo|what must the stride be|what should the stride be|stride was used|stride is needed|stride must be used|valore dello stride|valor del stride|stride应该是多少|quel stride",
    "kernel_q": "what must be the kernel size|what should be the kernel size|what must be the filter size|what should be the filter size|what kernel size|which kernel size|what filter size|which filter size|what is the kernel size|what is the filter size|what size of kernel|what size kernel|what size filter|which kernel|che kernel|quale kernel|quale dimensione del kernel|che dimensione del kernel|che dimensione ha il kernel|que tamano de kernel|que tamano de filtro|que kernel|cual es el tamano del kernel|cual es el tamano del filtro|qual e la dimensione del kernel|qual e la dimensione del filtro|kernel width|what must the kernel size be|kernel size is needed|kernel size was used|que tamano tiene el kernel|quanto e grande il kernel|filter size was used|what should the kernel size be|tamano de kernel se uso",
    "input_q": "what input size|which input size|what was the input size|input size is needed|what is the input size|how large must the input be|how large was the input|how big must the input be|how big was the input|dimensione dell ingresso serve|quale dimensione di input|che dimensione di input|que tamano de entrada|cual era el tamano de entrada|quale dimensione deve avere l input|what must the input size be|what size must the input be|what size was the input|how big should the input be|how large should the input be",
    "inch_q": "how many input channels|what number of input channels|what is the number of input channels|what is the input depth|quanti canali di ingresso|quanti canali di input|quanti canali in ingresso|quanti canali ha l input|cuantos canales de entrada|how many channels does the input have|how many channels has the input|how many channels did the input have|quanti canali aveva l input|cuantos canales tiene la entrada|cuantos canales tenia la entrada|how many channels had the input|number of input channels does that imply",
    "filters_q": "flattened depth|depth of the output|output depth|depth of the output volume|how many filters|how many kernels|number of filters needed|how many output channels|quanti filtri|quanti kernel|cuantos filtros|cuantos kernels|how many feature maps|quante feature map|quante mappe|cuantos mapas|cuantos mapas de caracteristicas|how many output feature maps|quanti canali di uscita|cuantos canales de salida|多少个卷积核|多少个滤波器|how many activation maps|combien de filtres|combien de cartes",
    "depth_q": "how many layers|how many layers are needed|how many layers do you need|how many layers do we need|quanti strati|quanti layer|quanti strati servono|cuantas capas|cuantas capas se necesitan|combien de couches|多少层|minimum number of layers|how many such layers|how many stacked|numero minimo di strati|numero minimo de capas|how deep must|smallest number of layers|how many stacked layers",
}

FILLER = (
    "detector detectors predicts predict the a an it its in as at by been am i we you he she they me us our your their there here so too also just only any all both "
    "now that which who whom whose this these those then than if but because since while where with without into out off down about between during through "
    "one's let lets please consider given suppose assume assuming assumes homework answer answers explain explanation show shows "
    "following follows follow below above called named say says use using used uses apply applied applies applying pass passed passes passing take taken takes gives given get gets have has having had "
    "make makes made need needs needed want wants wanted want would should could can must might will shall may does do did done come comes came go goes going "
    "simple basic standard ordinary usual regular typical normal plain single first-time new same-time own certain particular general common popular famous classic classical original "
    "deep learning neural artificial machine computer vision suoi suo sua sue their sus su own way pari connects connect joins reduces reduce reduced riduce reduce transforms transform transforma trasforma turns maps converts end dimension-ly passa si-passa consecutive-ly course tutorial student teacher lecture notes slide slides book chapter paper article blog post code snippet line "
    "parts a) b) c) i.e e.g ie eg etc vs per pro via upon onto over under within inside outside across along around against "
    "each-other very really exactly precisely correctly carefully directly simply separately independently together total-ly fully-ly "
    "square shaped sized long-ish large small big tiny little high low wide tall deep-ish spatial spatially two-dimensional 2d dimensional dims dim "
    "value values number numbers result results resulting operation operations op ops step steps formula rule rules compute computes computed calculate calculated work worked worker understand "
    "set sets type types kind kinds form forms case cases way ways time times thing things name names data dataset training train trained test sample samples element elements entry entries diagram picture-ly "
    "connected connect connects connecting attached linked applied stacked stack stacking consecutive successive sequential sequentially series cascade cascaded chain sequence-ly row "
    "layer's network's model's filter's image's input's "
    "learn learned learning learnable learns trainable train optimise optimize optimised "
    "define defined defines definition describe described describes known know knows recall remember note notice that's it's what's there's "
    "mnist cifar imagenet fashion coco kitti svhn stl dataset datasets digits handwritten digit faces face cat dog car cars pedestrian bird animals "
    "rectangular squared identical equal equals same-ish different respectively followed default defaults setting settings configuration config hyperparameter hyperparameters argument arguments option options "
    "process processed processes processing feed fed feeds feeding produce produced produces forward pass inference "
    "module class object function call called calls method return returns returned import from as self super def init nn tf keras layers torch out "
    "hello hi thanks thank dear help hey ok okay yes well right correct wrong hint tip reminder "
    "image-like volume-like currently starting start starts begin begins beginning begin end ends ended original exactly "
    # Italian
    "il lo la i gli le l un uno una di a da in con su per tra fra e ed o ma se che chi cui non del dello della dei degli delle dell al allo alla ai agli alle all dal dallo dalla dai dagli dalle dall nel nello nella nei negli nelle nell sul sullo sulla sui sugli sulle sull col "
    "si sono essere stato stata viene vengono abbia abbiamo ho hai ha hanno avere avente aventi ci vi ne come dove quando mentre poi quindi allora anche ancora solo soltanto sempre tutto tutti tutte ogni-volta qualche "
    "supponi supponiamo supponendo considera consideriamo considerando dato data dati date si-consideri consideri risposta spiega calcolo calcolato calcolata applicato applicata applicati applicare applichiamo usa usare usando usiamo utilizza utilizzando utilizzare "
    "prende restituisce riceve passa dare dai diamo avremo otteniamo ottiene risulta risultante contiene composta composto formata formato costituita questo questa questi queste quello quella stesso stessa stessi stesse altro altra primo-luogo "
    "singolo singola semplice quadrato quadrata quadrati quadratica totale-mente impilate impilati impilati consecutive consecutivi sintetizzo sintetizza spaziale spaziali bidimensionale "
    "prima seguente seguenti successivo rete-neurale entrano entra esce escono ingresso-ly deve devono servono serve bisogna occorre vede vedono "
    # Spanish
    "el la los las lo un una unos unas de del al a en con por para sobre entre y o u pero si que quien cuyo no esta estan ser ha han hay tiene tienen tener se su sus le les nos "
    "considera considere considerando supon suponga supongamos suponiendo dado dada dados dadas respuesta explica aplica aplicamos aplicado aplicada aplicar aplicando usa usar usando utilizamos utiliza utilizando "
    "recibe pasa obtiene obtenemos obtenido resulta resultante contiene compuesta compuesto formada este esta estos estas ese esa mismo misma mismos mismas otro otra solo tambien cada-vez todo todos todas "
    "apiladas apilados apilar consecutivas cuadrado cuadrada cuadrados simple sencilla espacial bidimensional siguiente siguientes debe deben necesita necesitan hace falta como cuando donde mientras ahora entonces "
    "imagenes-de tenemos tengo queremos quiero sabiendo sabe cuenta cuentan relacion"
    # French, German, Portuguese
    " le la les l un une des du de d au aux en dans sur par pour avec et ou mais si que qui a ont etre avoir cette ce ces son sa ses leur on nous vous appliquee applique appliquer soit soient considere donnee donne question produire obtenir simplifie utilise utilisant couche-ly meme sortie-ly partir "
    "der die das den dem des ein eine einen einem einer eines und oder aber hat haben wird werden mit auf in im an am zu zum zur von vom fur bei aus als wenn man sich nicht-ly wie-ly was-ly welche-ly angewendet gegeben sei seien frage eines-ly schicht-ly gegebene "
    "o a os as um uma uns umas do das no na nos nas ao aos com por para sobre e ou mas se que quem e tem ter ser seja esta estao aplicado aplicada considere suponha dado dada pergunta executadas agora mesma mesmo mas antes "
    # Russian, transliterations aside
    "на с и в по для из размера какова какой"
)  # fmt: skip

NUMBER_WORDS: dict[str, int] = {
    word: value
    for value, words in enumerate(
        (
            "zero cero", "one uno eins", "two due dos deux zwei dois duas", "three tre tres trois drei", "four quattro cuatro quatre vier quatro",
            "five cinque cinco cinq funf", "six sei seis sechs", "seven sette siete sept sieben sete", "eight otto ocho huit acht oito",
            "nine nove nueve neuf neun", "ten dieci diez dix zehn dez", "eleven undici onze elf", "twelve dodici doce douze zwolf doze",
        )
    )
    for word in words.split()
}  # fmt: skip
NUMBER_WORDS |= {"sixteen": 16, "sedici": 16, "dieciseis": 16, "twenty": 20, "venti": 20, "veinte": 20, "fifteen": 15, "quindici": 15,
                 "quince": 15, "thirty": 30, "hundred": 100, "cento": 100, "cien": 100, "thirty-two": 32, "sixty-four": 64,
                 "trentadue": 32, "sessantaquattro": 64, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5,
                 "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "thirteen": 13, "fourteen": 14, "eighteen": 18, "forty": 40,
                 "fifty": 50, "sixty": 60, "tredici": 13, "trenta": 30, "cinquanta": 50, "treinta": 30, "cincuenta": 50}  # fmt: skip

ORDINALS: dict[str, int] = {
    word: value
    for value, words in enumerate(
        (
            "", "first primo prima primer primera premier premiere erste ersten erster primeiro primeira 第一", "second secondo seconda segundo segunda deuxieme zweite zweiten 第二",
            "third terzo terza tercero tercera tercer troisieme dritte dritten terceiro terceira 第三", "fourth quarto quarta cuarto cuarta quatrieme vierte 第四",
            "fifth quinto quinta cinquieme funfte 第五", "sixth sesto sesta sexto sexta 第六",
        )
    )
    for word in words.split()
}  # fmt: skip

HAZARDS = (
    "except excluding exclude exclusive unless halved half halves halving double doubled doubles doubling twice triple tripled thrice removed remove removing deleted delete "
    "lstm gru rnn recurrent recurrente ricorrente ricorrenti recorrente rekurrent recurrentes transformer trasformatore attention heads embedding embeddings tokens token vocabulary capsule gan-loss graph gnn "
    "deformable octave winograd fft fourier wavelet circular reflect reflection causal sparse sparsity pruned pruning quantized quantised quantization quantisation compressed "
    "gradient gradients backward backprop backpropagation derivative loss accuracy precision recall f1 epoch epochs learning-rate momentum optimizer adam sgd regularization entropy "
    "seconds second-s milliseconds latency throughput fps price dollars euros years hours minutes gpu-hours joules watts "
    "dozen dozens couple pair pairs paio coppia pares docena dozzina multiple frozen freeze sum-of squeeze excitation skip shortcut densenet-block concatenated concatenate concat added addition summed inception bottleneck "
    "additions addizioni sumas adiciones divisions comparisons largest smallest biggest heaviest most least maggiore minore mayor menor again left bottom topmost dropped drops discarded discard discards skipped alternate alternating parallel merged averaged sinistra destra izquierda derecha ripetuto ripetuta repetida repetido random randomly probability variance deviation mean-value median eigenvalue eigenvalues "
    "overlap overlapping asymmetric nonuniform hexagonal spherical 4d "
    "escluso esclusi eccetto tranne dimezzato dimezzata raddoppia raddoppiato raddoppiata doppio doppia triplo rimosso rimuovendo excepto salvo mitad doble duplica duplicar eliminar eliminando triple "
    "moitie sauf ausser halbiert verdoppelt perdita accuratezza gradiente gradienti perdida precision gradiente "
    "minus divided modulo squared-root root shared-across tied shuffle shuffled crop cropped cropping ceil-ing negative fraction fractional"
)
